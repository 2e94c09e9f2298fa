using System.Text;

namespace Field.Vision.Onnx;

/// <summary>
/// The managed side of the door: one float image in, one float plane out. Thread-safe as ONNX Runtime's Run is; the caller disposes it
/// after the last Run has returned.
/// </summary>
internal sealed class OnnxModel : IDisposable
{
    private static readonly Lazy<OrtHandle> Environment = new(OrtNative.CreateEnv); // one per process, as the runtime wishes

    private readonly OrtHandle _session;
    private readonly OrtHandle _memory = OrtNative.CpuMemory();
    private readonly byte[] _inputName;
    private readonly byte[] _outputName;

    internal OnnxModel(ReadOnlySpan<byte> model, int threads)
    {
        Threads = threads;
        _session = OrtNative.CreateSession(Environment.Value, model, threads);
        Inputs = Describe(OrtNative.Entry.SessionGetInputCount, OrtNative.Entry.SessionGetInputName, OrtNative.Entry.SessionGetInputTypeInfo);
        Outputs = Describe(OrtNative.Entry.SessionGetOutputCount, OrtNative.Entry.SessionGetOutputName, OrtNative.Entry.SessionGetOutputTypeInfo);
        _inputName = Terminated(Inputs[0].Name);
        _outputName = Terminated(Outputs[0].Name);
    }

    /// <summary>The runtime's version.</summary>
    internal static string RuntimeVersion => OrtNative.Version;

    /// <summary>On which it computes.</summary>
    internal int Threads { get; }

    internal IReadOnlyList<TensorInfo> Inputs { get; }

    internal IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>Runs n x c x h x w to n x k x h x w.</summary>
    internal unsafe void Run(ReadOnlySpan<float> input, ReadOnlySpan<long> inputShape, Span<float> output, ReadOnlySpan<long> outputShape)
    {
        Require(input.Length, inputShape);
        Require(output.Length, outputShape);
        fixed (float* source = input, target = output)
        {
            using var from = OrtNative.FloatTensor(_memory, source, input.Length, inputShape);
            using var to = OrtNative.FloatTensor(_memory, target, output.Length, outputShape);
            OrtNative.Run(_session, _inputName, from, _outputName, to);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _memory.Dispose();
    }

    private static void Require(int length, ReadOnlySpan<long> shape)
    {
        long product = 1;
        foreach (var dimension in shape)
        {
            product *= dimension;
        }

        if (product != length)
        {
            throw new ArgumentException($"{length} values do not fill a tensor of {product}.");
        }
    }

    private List<TensorInfo> Describe(OrtNative.Entry count, OrtNative.Entry name, OrtNative.Entry type)
    {
        var infos = new List<TensorInfo>();
        for (var i = 0; i < OrtNative.Count(_session, count); i++)
        {
            var (element, shape) = OrtNative.Tensor(_session, type, i);
            infos.Add(new TensorInfo(OrtNative.Name(_session, name, i), element == 1, shape));
        }

        return infos;
    }

    private static byte[] Terminated(string name) => Encoding.UTF8.GetBytes(name + "\0");
}

/// <summary>One input or output; a free dimension is -1.</summary>
internal sealed record TensorInfo(string Name, bool IsFloat32, IReadOnlyList<long> Shape);
