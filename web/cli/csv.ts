/** Comma-separated values as RFC 4180 has them: quoted fields may hold commas, line ends and doubled quotes. */

function cells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A field, quoted or not, and what ends it: a comma, a line end, or the text's end.
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n][^,\r\n]*)?)(,|\r?\n|\r|$)/y;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new Error(`row ${rows.length + 1} has a quote that does not end`);
    const [, quoted, plain = '', end] = match;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  // A comma at the very end leaves one more, empty field.
  if (row.length > 0) rows.push([...row, '']);
  return rows;
}

/** The rows below the header, by its names; a field that a row lacks is empty. Throws an Error that names the row. */
export function readCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = cells(text.replace(/^\uFEFF/, ''));
  return rows.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])));
}
