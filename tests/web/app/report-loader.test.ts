import { describe, expect, it } from 'vitest';
import { ReportLoader, type ReportSource } from '../../../web/app/state/report-loader';
import { ActionscopeError } from '../../../web/lib/errors';
import { type ModelReport, parseReport } from '../../../web/lib/report';
import { sampleReport } from '../lib/sample_report';
import { settle } from './fake-classifier';

const report = parseReport(JSON.stringify(sampleReport()));

/** A source that answers when it is told to. */
class FakeSource implements ReportSource {
  reads = 0;
  answer: (report: ModelReport | null) => void = () => undefined;
  fail: (error: unknown) => void = () => undefined;

  readReport(): Promise<ModelReport | null> {
    this.reads += 1;
    return new Promise((answer, fail) => {
      this.answer = answer;
      this.fail = fail;
    });
  }
}

function started() {
  const phases: string[] = [];
  const loader: ReportLoader = new ReportLoader(() => phases.push(loader.state.phase));
  return { loader, phases, source: new FakeSource() };
}

describe('ReportLoader', () => {
  it('waits for a model', async () => {
    const { loader } = started();
    await loader.setSource(null);
    expect(loader.state).toEqual({ phase: 'waiting' });
  });

  it('reads its report and tells of every step', async () => {
    const { loader, phases, source } = started();
    void loader.setSource(source);
    source.answer(report);
    await settle();
    expect(phases).toEqual(['reading', 'ready']);
    expect(loader.state).toEqual({ phase: 'ready', report });
  });

  it('does not read the same one twice', async () => {
    const { loader, source } = started();
    void loader.setSource(source);
    void loader.setSource(source);
    expect(source.reads).toBe(1);
  });

  it('says where there is none', async () => {
    const { loader, source } = started();
    void loader.setSource(source);
    source.answer(null);
    await settle();
    expect(loader.state).toEqual({ phase: 'absent' });
  });

  it('keeps what went wrong, and reads again when asked to', async () => {
    const { loader, source } = started();
    void loader.setSource(source);
    const error = new ActionscopeError('report-damaged', 'It cannot be read.');
    source.fail(error);
    await settle();
    expect(loader.state).toEqual({ phase: 'failed', error });
    void loader.read();
    source.answer(report);
    await settle();
    expect(loader.state.phase).toBe('ready');
  });

  it('makes an error of whatever is thrown', async () => {
    const { loader, source } = started();
    void loader.setSource(source);
    source.fail('gone');
    await settle();
    expect(loader.state).toMatchObject({ phase: 'failed', error: { message: 'gone' } });
  });

  it('forgets the report of a model that has been replaced meanwhile', async () => {
    const { loader, source } = started();
    const next = new FakeSource();
    void loader.setSource(source);
    void loader.setSource(next);
    source.answer(report);
    await settle();
    expect(loader.state).toEqual({ phase: 'reading' });
    next.answer(null);
    await settle();
    expect(loader.state).toEqual({ phase: 'absent' });
  });
});
