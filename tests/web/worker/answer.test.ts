import { expect, it } from 'vitest';
import { ActionscopeError } from '../../../web/lib/errors';
import { answer, answered } from '../../../web/worker/answer';

it('carries values', async () => {
  expect(answered(structuredClone(await answer(async () => ({ run: 7 }))))).toEqual({ run: 7 });
});

it('carries errors whole', async () => {
  const reply = await answer(() => Promise.reject(new ActionscopeError('model-shape', 'It does not fit.', 'Mend it.')));
  const thrown = () => answered(structuredClone(reply));
  expect(thrown).toThrow(ActionscopeError);
  expect(thrown).toThrow(
    expect.objectContaining({ code: 'model-shape', message: 'It does not fit.', hint: 'Mend it.' }),
  );
});

it('takes whatever else is thrown for the death of the worker', async () => {
  const reply = await answer(() => Promise.reject(new WebAssembly.RuntimeError('unreachable')));
  expect(() => answered(reply)).toThrow(expect.objectContaining({ code: 'worker-died' }));
});
