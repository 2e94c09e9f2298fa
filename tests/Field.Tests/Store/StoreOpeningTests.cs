using Field.Store;
using Field.Store.Embedded;

namespace Field.Tests.Store;

public sealed class StoreOpeningTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stores_under_a_folder_open_and_open_again()
    {
        for (int i = 0; i < 2; i++)
        {
            await using FieldStores stores = StoreUris.Under(_folder.Path("data")).Open(TimeProvider.System);
            Assert.NotNull(stores.Blobs);
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.Root, "*.bak", SearchOption.AllDirectories));
    }

    [Fact]
    public void Unknown_schemes_are_all_named_with_the_valid_ones()
    {
        StoreException e = Assert.Throws<StoreException>(() => new StoreUris("postgis:host", "influx:host", "file:").Open(TimeProvider.System));
        Assert.Contains("Features: 'postgis:host' has no known scheme; valid here: gpkg:PATH", e.Message, StringComparison.Ordinal);
        Assert.Contains("Telemetry: 'influx:host' has no known scheme; valid here: sqlite:PATH", e.Message, StringComparison.Ordinal);
        Assert.Contains("Blobs: 'file:' names no path", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_backs_up_first_and_keeps_the_data()
    {
        string path = _folder.Path("m.sqlite");
        const string One = "CREATE TABLE t (v INTEGER)";
        const string Two = "ALTER TABLE t ADD COLUMN note TEXT";
        await using (SqliteDatabase old = new(path, SqliteMigrations.ByUserVersion(One), TimeProvider.System))
        {
            await old.WriteAsync(c => GeoPackageStoreTests.Insert(c, 7), Cancel);
        }

        await using (SqliteDatabase present = new(path, SqliteMigrations.ByUserVersion(One, Two), TimeProvider.System))
        {
            await present.WriteAsync(c => GeoPackageStoreTests.Execute(c, "UPDATE t SET note = 'new form'"), Cancel);
            Assert.Equal(1, await present.ReadAsync(GeoPackageStoreTests.Count, Cancel));
        }

        string backup = Assert.Single(Directory.EnumerateFiles(_folder.Root, "m.sqlite.v1.*.bak"));
        await using (SqliteDatabase restored = new(backup, SqliteMigrations.ByUserVersion(One), TimeProvider.System))
        {
            Assert.Equal(1, await restored.ReadAsync(GeoPackageStoreTests.Count, Cancel));
        }

        StoreException e = Assert.Throws<StoreException>(() => new SqliteDatabase(path, SqliteMigrations.ByUserVersion(One), TimeProvider.System));
        Assert.Contains("newer Field", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_old_form()
    {
        string path = _folder.Path("f.sqlite");
        using (new Opened(path, "CREATE TABLE t (v INTEGER)"))
        {
        }

        Assert.Throws<StoreException>(() => new Opened(path, "CREATE TABLE t (v INTEGER)", "CREATE TABLE u (v); CREATE TABLE broken ("));
        using Opened again = new(path, "CREATE TABLE t (v INTEGER)", "CREATE TABLE u (v INTEGER)");
    }

    private sealed class Opened(string path, params string[] steps) : IDisposable
    {
        private readonly SqliteDatabase _database = new(path, SqliteMigrations.ByUserVersion(steps), TimeProvider.System);

        public void Dispose() => _database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
