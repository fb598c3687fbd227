import type { EngineDescription } from '../lib/types';

/** What of model.json, which the core has checked by then, decides on the feature of a frame. */
interface FeatureFacts {
  input: unknown;
  variants: Record<string, { backbone: { sha256: string; input: string; output: string } }>;
}

/**
 * Names all that a frame's feature depends on: the backbone, what becomes of pixels before it, the engine and its build. Where two
 * names are equal, so are the features, bit for bit. `json`: model.json's text.
 */
export function featureSpaceOf(json: string, variant: string, engine: EngineDescription): string {
  const { input: pixels, variants }: FeatureFacts = JSON.parse(json);
  const { sha256, input, output } = variants[variant]?.backbone ?? {};
  const { name, version, simd } = engine;
  return JSON.stringify({ backbone: { sha256, input, output }, pixels, engine: { name, version, simd } });
}
