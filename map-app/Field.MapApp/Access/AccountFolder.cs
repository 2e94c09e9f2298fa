using Field.Contracts;
using Field.Ingest.Identity;
using Field.Store.Accounts;
using Field.Store.Audit;

namespace Field.MapApp.Access;

/// <summary>
/// The command line's hand on the accounts of a data folder, whether a server runs over it or not: who may write the folder is the
/// administrator of last resort.
/// </summary>
internal sealed class AccountFolder : IAsyncDisposable
{
    private readonly AccountStore _store;
    private readonly AuditLog _audit;

    private AccountFolder(string dataDirectory, TimeProvider time)
    {
        _store = OpenStore(dataDirectory, time);
        _audit = new(IdentityOptions.AuditFolderOf(dataDirectory), time);
        Administration = new(dataDirectory, _store, _audit, time, new Administrator($"user:{Environment.UserName}", null, null));
    }

    public AccountAdministration Administration { get; }

    /// <exception cref="FieldException">The folder cannot be used.</exception>
    public static AccountFolder Open(string dataDirectory, TimeProvider time) => new(dataDirectory, time);

    /// <summary>The accounts of a data folder; their file and its folder are the user's only.</summary>
    public static AccountStore OpenStore(string dataDirectory, TimeProvider time)
    {
        string folder = PathOf(dataDirectory);
        try
        {
            PrivateFiles.CreateFolder(folder);
            string path = Path.Combine(folder, "accounts.sqlite");
            PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose(); // SQLite would make it readable for all
            return new(path, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FieldException($"{folder}: user {Environment.UserName} may not write there ({e.Message})", innerException: e);
        }
    }

    public static string PathOf(string dataDirectory) => Path.Combine(Path.GetFullPath(dataDirectory), "identity");

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _audit.Dispose();
    }
}
