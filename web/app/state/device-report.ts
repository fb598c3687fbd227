/** What was measured of a device, to show and to save. */
import type { Contender, Speed } from '../../lib/index';
import type { ModelDescription } from '../../lib/types';
import { ACTIONSCOPE_VERSION } from '../../lib/version';
import { noticeOf } from '../text/notices';

export interface MeasuredRow {
  contender: Contender;
  /** Null as long as it is not known. */
  speed: Speed | null;
  error: Error | null;
}

/** What the browser tells of the device. */
export interface DeviceFacts {
  userAgent: string;
  /** Threads that it runs at once. */
  cores: number;
  relaxedSimd: boolean;
}

interface Measurement {
  variant: string;
  engine: string;
  version: string | null;
  simd: string | null;
  workers: number;
  frames: number | null;
  /** A frame in one worker: the median, and the quartiles. */
  milliseconds: number | null;
  lowerQuartile: number | null;
  upperQuartile: number | null;
  framesPerSecond: number | null;
  /** Of the worker that has most. */
  memoryBytes: number | null;
  error: string | null;
}

export interface DeviceReport extends DeviceFacts {
  format: 'actionscope-device';
  formatVersion: 1;
  actionscope: string;
  model: { name: string; version: string };
  measurements: Measurement[];
}

const thousandths = (value: number) => Math.round(value * 1000) / 1000;

function measurementOf({ contender, speed, error }: MeasuredRow): Measurement {
  const { variant, engine, simd, workers } = contender;
  return {
    variant,
    engine,
    version: speed?.engine.version ?? null,
    simd,
    workers: speed?.workers ?? workers,
    frames: speed?.frames ?? null,
    milliseconds: speed === null ? null : thousandths(speed.milliseconds),
    lowerQuartile: speed === null ? null : thousandths(speed.quartiles[0]),
    upperQuartile: speed === null ? null : thousandths(speed.quartiles[1]),
    framesPerSecond: speed === null ? null : thousandths(speed.rate),
    memoryBytes: speed === null || speed.memory === null ? null : Math.max(...speed.memory),
    error: error === null ? null : `${noticeOf(error).code}: ${noticeOf(error).title}`,
  };
}

/** Of the rows that were measured, or could not be. */
export function deviceReport(rows: readonly MeasuredRow[], model: ModelDescription, facts: DeviceFacts): DeviceReport {
  const { name, version } = model;
  return {
    format: 'actionscope-device',
    formatVersion: 1,
    actionscope: ACTIONSCOPE_VERSION,
    model: { name, version },
    ...facts,
    measurements: rows.filter(({ speed, error }) => speed !== null || error !== null).map(measurementOf),
  };
}

function csvField(value: string | number | boolean | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line for each measurement, as RFC 4180 has it, with what is true of all of them repeated in each. */
export function deviceCsv({ measurements, model, actionscope, userAgent, cores, relaxedSimd }: DeviceReport): string {
  const lines = measurements.map((measurement) => ({
    ...measurement,
    model: `${model.name} ${model.version}`,
    actionscope,
    cores,
    relaxedSimd,
    userAgent,
  }));
  const header = Object.keys(lines[0] ?? {}).join(',');
  return [header, ...lines.map((line) => Object.values(line).map(csvField).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
}
