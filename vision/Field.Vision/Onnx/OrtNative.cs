using System.Runtime.InteropServices;

namespace Field.Vision.Onnx;

/// <summary>
/// The native side of the door: the function table of the ONNX Runtime C API.
/// <para>
/// OrtGetApiBase() returns two functions, GetApi(version) and GetVersionString(). GetApi returns a table of function pointers whose
/// order is fixed by onnxruntime_c_api.h and only ever appended to; entries 0 to 101 are those of API version 1 (the runtime's own
/// source asserts that ReleaseCustomOpDomain is entry 101). Every index below is one of them.
/// </para>
/// </summary>
internal static unsafe class OrtNative
{
    /// <summary>The oldest table this door accepts; any later runtime serves it too.</summary>
    internal const uint ApiVersion = 17;

    internal enum Entry
    {
        GetErrorCode = 1, GetErrorMessage = 2, CreateEnv = 3, CreateSessionFromArray = 8, Run = 9, CreateSessionOptions = 10,
        SetSessionLogSeverityLevel = 22, SetIntraOpNumThreads = 24, SessionGetInputCount = 30, SessionGetOutputCount = 31,
        SessionGetInputTypeInfo = 33, SessionGetOutputTypeInfo = 34, SessionGetInputName = 36, SessionGetOutputName = 37,
        CreateTensorWithDataAsOrtValue = 49, CastTypeInfoToTensorInfo = 55, GetTensorElementType = 60, GetDimensionsCount = 61,
        GetDimensions = 62, CreateCpuMemoryInfo = 69, AllocatorFree = 76, GetAllocatorWithDefaultOptions = 78,
        ReleaseEnv = 92, ReleaseStatus = 93, ReleaseMemoryInfo = 94, ReleaseSession = 95, ReleaseValue = 96, ReleaseTypeInfo = 98,
        ReleaseSessionOptions = 100,
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ApiBase
    {
        public delegate* unmanaged<uint, nint*> GetApi;
        public delegate* unmanaged<byte*> GetVersionString;
    }

    private static readonly Lazy<(nint Table, string Version)> Loaded = new(Load);

    /// <summary>The version of the runtime, such as "1.30.0".</summary>
    internal static string Version => Loaded.Value.Version;

    internal static nint Function(Entry entry) => ((nint*)Loaded.Value.Table)[(int)entry];

    private static (nint, string) Load()
    {
        var path = OrtLibrary.Find();
        if (!NativeLibrary.TryLoad(path, out var library) || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var export))
        {
            throw OrtLibrary.Missing($"{path} is not an ONNX Runtime for this machine.");
        }

        var apiBase = ((delegate* unmanaged<ApiBase*>)export)();
        var version = Marshal.PtrToStringUTF8((nint)apiBase->GetVersionString()) ?? "";
        var table = apiBase->GetApi(ApiVersion);
        return table is null
            ? throw OrtLibrary.Missing($"{path} is ONNX Runtime {version}, older than 1.{ApiVersion}.")
            : ((nint)table, version);
    }

    /// <summary>Throws for a status that is not null, with the runtime's own words, and releases it.</summary>
    internal static void Check(nint status, string doing)
    {
        if (status == 0)
        {
            return;
        }

        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Function(Entry.GetErrorMessage))(status));
        Release(Entry.ReleaseStatus, status);
        throw new VisionException($"ONNX Runtime failed while {doing}: {message}");
    }

    internal static void Release(Entry release, nint pointer) => ((delegate* unmanaged<nint, void>)Function(release))(pointer);

    internal static OrtHandle CreateEnv()
    {
        const int warningsAndWorse = 2;
        nint env;
        fixed (byte* id = "field"u8)
        {
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)Function(Entry.CreateEnv))(warningsAndWorse, id, &env), "starting");
        }

        return new OrtHandle(env, Entry.ReleaseEnv);
    }

    internal static OrtHandle CreateSession(OrtHandle env, ReadOnlySpan<byte> model, int threads)
    {
        const int errorsOnly = 3;
        nint options, session;
        Check(((delegate* unmanaged<nint*, nint>)Function(Entry.CreateSessionOptions))(&options), "creating options");
        using var held = new OrtHandle(options, Entry.ReleaseSessionOptions);
        Check(((delegate* unmanaged<nint, int, nint>)Function(Entry.SetIntraOpNumThreads))(options, threads), "setting threads");
        Check(((delegate* unmanaged<nint, int, nint>)Function(Entry.SetSessionLogSeverityLevel))(options, errorsOnly), "setting the log level");
        fixed (byte* bytes = model)
        {
            Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)Function(Entry.CreateSessionFromArray))(
                env.DangerousGetHandle(), bytes, (nuint)model.Length, options, &session), "loading the model");
        }

        return new OrtHandle(session, Entry.ReleaseSession);
    }

    internal static OrtHandle CpuMemory()
    {
        const int arenaAllocator = 1, defaultMemory = 0;
        nint info;
        Check(((delegate* unmanaged<int, int, nint*, nint>)Function(Entry.CreateCpuMemoryInfo))(arenaAllocator, defaultMemory, &info), "preparing memory");
        return new OrtHandle(info, Entry.ReleaseMemoryInfo);
    }

    internal static int Count(OrtHandle session, Entry which)
    {
        nuint count;
        Check(((delegate* unmanaged<nint, nuint*, nint>)Function(which))(session.DangerousGetHandle(), &count), "counting inputs and outputs");
        return (int)count;
    }

    internal static string Name(OrtHandle session, Entry which, int index)
    {
        nint allocator, text;
        Check(((delegate* unmanaged<nint*, nint>)Function(Entry.GetAllocatorWithDefaultOptions))(&allocator), "getting the allocator");
        Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)Function(which))(
            session.DangerousGetHandle(), (nuint)index, allocator, &text), "reading a name");
        var name = Marshal.PtrToStringUTF8(text) ?? "";
        Check(((delegate* unmanaged<nint, nint, nint>)Function(Entry.AllocatorFree))(allocator, text), "freeing a name");
        return name;
    }

    /// <summary>The element type (1 is float32) and the shape, -1 where a dimension is free.</summary>
    internal static (int ElementType, long[] Shape) Tensor(OrtHandle session, Entry which, int index)
    {
        nint info, tensor;
        int type;
        nuint rank;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)Function(which))(session.DangerousGetHandle(), (nuint)index, &info), "reading a type");
        using var held = new OrtHandle(info, Entry.ReleaseTypeInfo);
        Check(((delegate* unmanaged<nint, nint*, nint>)Function(Entry.CastTypeInfoToTensorInfo))(info, &tensor), "reading a type");
        if (tensor == 0)
        {
            return (0, []);
        }

        Check(((delegate* unmanaged<nint, int*, nint>)Function(Entry.GetTensorElementType))(tensor, &type), "reading an element type");
        Check(((delegate* unmanaged<nint, nuint*, nint>)Function(Entry.GetDimensionsCount))(tensor, &rank), "reading a shape");
        var shape = new long[(int)rank];
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged<nint, long*, nuint, nint>)Function(Entry.GetDimensions))(tensor, dimensions, rank), "reading a shape");
        }

        return (type, shape);
    }

    /// <summary>A tensor over the caller's memory, which must stay pinned while the handle lives.</summary>
    internal static OrtHandle FloatTensor(OrtHandle memory, float* data, long elements, ReadOnlySpan<long> shape)
    {
        const int float32 = 1;
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)Function(Entry.CreateTensorWithDataAsOrtValue))(
                memory.DangerousGetHandle(), data, (nuint)(elements * sizeof(float)), dimensions, (nuint)shape.Length, float32, &value), "making a tensor");
        }

        return new OrtHandle(value, Entry.ReleaseValue);
    }

    internal static void Run(OrtHandle session, ReadOnlySpan<byte> inputName, OrtHandle input, ReadOnlySpan<byte> outputName, OrtHandle output)
    {
        nint inValue = input.DangerousGetHandle(), outValue = output.DangerousGetHandle();
        fixed (byte* inName = inputName, outName = outputName)
        {
            byte* inNames = inName, outNames = outName;
            Check(((delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)Function(Entry.Run))(
                session.DangerousGetHandle(), 0, &inNames, &inValue, 1, &outNames, 1, &outValue), "running the model");
        }
    }
}

/// <summary>Any object of the C API, with the function that releases it.</summary>
internal sealed class OrtHandle : SafeHandle
{
    private readonly OrtNative.Entry _release;

    internal OrtHandle(nint pointer, OrtNative.Entry release) : base(0, ownsHandle: true)
    {
        _release = release;
        SetHandle(pointer);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OrtNative.Release(_release, handle);
        return true;
    }
}
