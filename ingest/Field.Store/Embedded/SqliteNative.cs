using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Field.Store.Embedded;

/// <summary>Binds the managed provider to the system's SQLite, which the distribution keeps patched.</summary>
internal static class SqliteNative
{
    private static readonly Lazy<bool> Bound = new(Bind);

    public static void Initialize() => _ = Bound.Value;

    /// <summary>Translates what SQLite says into what the reader can do about it.</summary>
    public static StoreException Wrap(string path, SqliteException e)
    {
        const int Busy = 5, Locked = 6, IoError = 10, Full = 13, CannotOpen = 14;
        bool transient = e.SqliteErrorCode is Busy or Locked or IoError or Full or CannotOpen;
        string advice = e.SqliteErrorCode switch
        {
            Busy or Locked => "another program holds the file for writing; save and close its edits",
            Full => "the disk is full; free space",
            CannotOpen => "check that the folder exists and is writable",
            _ => "if this persists, restore the newest backup beside the file",
        };
        return new StoreException($"{path}: {e.Message} ({advice})", transient, e);
    }

    private static bool Bind()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != "e_sqlite3")
        {
            return IntPtr.Zero;
        }

        string[] candidates = OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0", "libsqlite3.so"];
        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out IntPtr handle))
            {
                return handle;
            }
        }

        throw new StoreException("the system's SQLite library is missing; install it (Debian and Ubuntu: apt-get install libsqlite3-0)");
    }
}
