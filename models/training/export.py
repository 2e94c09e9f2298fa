"""ONNX out, opset 13, any height and width that are multiples of the network's."""
import os

import onnx
import torch


def onnx_checked(path):
    model = onnx.load(path)
    onnx.checker.check_model(model)
    return path


def onnx_export(model, path):
    axes = {"image": {0: "n", 2: "h", 3: "w"}, "probability": {0: "n", 2: "h", 3: "w"}}
    torch.onnx.export(model, torch.rand(1, 3, 256, 256), path, opset_version=13, input_names=["image"],
                      output_names=["probability"], dynamic_axes=axes)
    return onnx_checked(path)


def onnx_file(model, folder, name):
    model.eval()
    return onnx_export(model, os.path.join(folder, name + ".onnx"))
