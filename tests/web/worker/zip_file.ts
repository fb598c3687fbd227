import { zipSync } from 'fflate';

type Content = Uint8Array<ArrayBuffer> | string;

const encoder = new TextEncoder();

/** A .zip file of these files, by their paths. `level`: 0 stores them as they are. */
export function zipOf(files: Record<string, Content>, level: 0 | 6 = 6): Blob {
  const bytes = Object.entries(files).map(
    ([path, content]) => [path, typeof content === 'string' ? encoder.encode(content) : content] as const,
  );
  return new Blob([zipSync(Object.fromEntries(bytes), { level })]);
}

/** The bytes of a .zip file, with changes made at the places where its directory tells of the first file. */
export async function changedDirectory(zip: Blob, change: (entry: DataView) => void): Promise<Blob> {
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const start = bytes.findIndex(
    (byte, at) => byte === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === 1 && bytes[at + 3] === 2,
  );
  change(new DataView(bytes.buffer, start));
  return new Blob([bytes]);
}
