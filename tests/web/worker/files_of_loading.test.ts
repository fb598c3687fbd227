import { describe, expect, it, vi } from 'vitest';
import { FilesOfLoading } from '../../../web/worker/files_of_loading';

const url = new URL('https://example.org/model.json');
const bytes = () => new Uint8Array([1, 2, 3]);

describe('the files of loading', () => {
  it('are kept for others, until loading has ended', async () => {
    const reading = new FilesOfLoading(async () => bytes());
    await reading.read(url);
    const files = reading.end();
    await reading.read(new URL('https://example.org/report.json'));
    expect([...files]).toEqual([[url.href, bytes()]]);
  });

  it('that another has read are not read again, and count as read', async () => {
    const from = vi.fn();
    const onBytes = vi.fn();
    const reading = new FilesOfLoading(from, new Map([[url.href, bytes()]]));
    expect(await reading.read(url, { onBytes })).toEqual(bytes());
    expect(onBytes).toHaveBeenCalledWith(3);
    expect(from).not.toHaveBeenCalled();
  });

  it('are read where they lie if they are wanted past every cache, and after loading', async () => {
    const from = vi.fn(async () => new Uint8Array([9]));
    const reading = new FilesOfLoading(from, new Map([[url.href, bytes()]]));
    expect(await reading.read(url, { cache: 'reload' })).toEqual(new Uint8Array([9]));
    reading.end();
    expect(await reading.read(url)).toEqual(new Uint8Array([9]));
    expect(from).toHaveBeenCalledTimes(2);
  });
});
