using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>A NULL-terminated array of UTF-8 C strings, as libgdal takes options and names; an empty one is not NULL.</summary>
internal sealed unsafe class CStringList : IDisposable
{
    private readonly nint[] items;
    private GCHandle pin;

    internal CStringList(params string[] values)
    {
        items = new nint[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
        {
            items[i] = Marshal.StringToCoTaskMemUTF8(values[i]);
        }

        pin = GCHandle.Alloc(items, GCHandleType.Pinned);
    }

    internal nint* Pointer => (nint*)pin.AddrOfPinnedObject();

    public void Dispose()
    {
        pin.Free();
        foreach (var item in items)
        {
            Marshal.FreeCoTaskMem(item);
        }
    }
}
