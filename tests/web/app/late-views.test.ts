import { describe, expect, it, vi } from 'vitest';
import { LateViews } from '../../../web/app/state/late-views';

describe('views that are read late', () => {
  it('are read once, when they are first wanted', async () => {
    const load = vi.fn(async () => undefined);
    const onError = vi.fn();
    const views = new LateViews(load, onError);
    expect(load).not.toHaveBeenCalled();
    views.read();
    views.read();
    await load.mock.results[0]?.value;
    expect(load).toHaveBeenCalledOnce();
    expect(views.error).toBeNull();
    expect(onError).not.toHaveBeenCalled();
  });

  it('say that they could not be, and what helps', async () => {
    const onError = vi.fn();
    const views = new LateViews(() => Promise.reject(new TypeError('failed to fetch')), onError);
    views.read();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    expect(onError).toHaveBeenCalledWith(views.error);
    expect(views.error).toMatchObject({ code: 'engine-failed', hint: 'Check the connection and reload the page.' });
  });
});
