import { describe, expect, it } from 'vitest';
import { type Folder, packageAmong, packageInFolder, packageOf } from '../../../web/app/state/chosen-package';

/** A file as a dialogue for folders gives it: with the folder that was chosen. */
const inFolder = (path: string) =>
  Object.defineProperty(new File(['x'], path.split('/').at(-1) ?? ''), 'webkitRelativePath', { value: path });
/** A file that was chosen, or dropped, by itself: browsers say so with an empty path. */
const alone = (name: string) => Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: '' });

describe('what was chosen in a dialogue', () => {
  it('is a .zip file as it is', () => {
    const zip = alone('Model.ZIP');
    expect(packageOf([zip])).toEqual({ files: zip, name: 'Model.ZIP' });
  });

  it('is a folder, with the paths of its files', () => {
    const [json, graph] = [inFolder('ucf11/model.json'), inFolder('ucf11/old/head.onnx')];
    expect(packageOf([json, graph])).toEqual({
      name: 'ucf11',
      files: [
        { path: 'ucf11/model.json', content: json },
        { path: 'ucf11/old/head.onnx', content: graph },
      ],
    });
  });

  it('may be nothing', () => {
    expect(packageOf([])).toBeNull();
  });
});

describe('among dropped files', () => {
  it('a .zip file is a package', () => {
    expect(packageAmong([alone('a.zip')])?.name).toBe('a.zip');
  });

  it('so is a model.json with what was dropped beside it', () => {
    const files = [alone('model.json'), alone('head.onnx')];
    expect(packageAmong(files)?.files).toEqual(files.map((content) => ({ path: content.name, content })));
  });

  it('a video is none', () => {
    expect(packageAmong([alone('a.mp4')])).toBeNull();
  });
});

describe('a dropped folder', () => {
  /** A folder that gives its entries in these portions. */
  const folderOf = (...portions: object[][]): Folder => ({
    name: 'ucf11',
    createReader: () =>
      ({
        readEntries: (done: (entries: object[]) => void) => done(portions.shift() ?? []),
      }) as unknown as FileSystemDirectoryReader,
  });
  const entry = (name: string) => ({ name, isFile: true, file: (done: (file: File) => void) => done(alone(name)) });

  it('is read to its end, without the folders in it', async () => {
    const folder = folderOf([entry('model.json'), { name: 'old', isFile: false }], [entry('head.onnx')]);
    expect((await packageInFolder(folder)).map(({ path }) => path)).toEqual(['ucf11/model.json', 'ucf11/head.onnx']);
  });

  it('that cannot be read says so', async () => {
    const lost = { ...entry('model.json'), file: (_: unknown, fail: (reason: Error) => void) => fail(new Error()) };
    await expect(packageInFolder(folderOf([lost]))).rejects.toMatchObject({
      code: 'file-unreadable',
      message: 'The folder ucf11 cannot be read.',
    });
  });
});
