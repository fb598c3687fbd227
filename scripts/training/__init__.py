"""Training of Actionscope's models: media in, a model package out.

The rooms, in the order of the data:

- `manifest` names the media; `decode` and `sampling` turn a file into frames at their times.
- `looks` and `preprocess` turn a frame into the backbone's pixels; `backbone` is the network.
- `features` runs it over everything once and keeps the result; `sequences` picks windows of it.
- `baseline`, a linear layer, is what the head learns from and is measured against; `head` and
  `fit` learn the actions.
- `answer` and `evaluate` judge, `calibrate` sets how logits become an answer.
- `export`, `package`, `report` and `card` write the model package, on `onnx_graph`; `goldens` and
  `reference` write what other implementations are compared with.
- `ucf11_layout`, `ucf101_layout` and `folder_layout` turn folders into items, with `media_files`
  and `naming`; `official_sets` cross-validates on the first two (`learner` trains on given items,
  `folds` holds others out of it, `folds_report` tells of it), `own_actions` trains on the third.
- `import_keras` makes a package of a Keras model instead: `keras_file` and `keras_config` read it,
  `keras_network` checks it, `keras_graph` writes its graphs, `keras_classes` names its classes.
"""
