// The JavaScript half of onnxruntime.cpp. A C++ coroutine that awaits a rejected promise never resumes, so every promise of
// ONNX Runtime is turned here into one that always resolves: to {value}, or to {error} with the reason in words.

Module.onnxruntime = (() => {
  const settle = async (work) => {
    try {
      return { value: await work() };
    } catch (reason) {
      return { error: reason instanceof Error ? reason.message : String(reason) };
    }
  };

  return {
    createSession: (ort, bytes) =>
      settle(() =>
        ort.InferenceSession.create(bytes, {
          executionProviders: ['wasm'],
          graphOptimizationLevel: 'all',
          logSeverityLevel: 3,
        }),
      ),

    // `data` is a view of wasm memory, which may move while the run is awaited: it is copied before anything else.
    run: (ort, session, input, data, shape, output) => {
      const copy = data.slice();
      return settle(async () => {
        const tensor = new ort.Tensor('float32', copy, shape);
        let outputs = {};
        try {
          outputs = await session.run({ [input]: tensor }, [output]);
          const values = outputs[output].data;
          if (!(values instanceof Float32Array)) throw new Error(`${output} is ${outputs[output].type}, not float32`);
          return values.slice();
        } finally {
          for (const result of Object.values(outputs)) result.dispose();
          tensor.dispose();
        }
      });
    },

    release: (session) => settle(() => session.release()),
  };
})();
