using Field.Store;
using Field.Store.Embedded;
using NetTopologySuite.Geometries;

namespace Field.Tests.Store;

public sealed class GeoPackageStoreTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private GeoPackageStore _store;

    public GeoPackageStoreTests() => _store = Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Feature_of_every_column_type_reads_back_as_written_also_after_reopening()
    {
        DateTimeOffset captured = new(2026, 5, 4, 3, 2, 1, 987, TimeSpan.FromHours(9));
        Feature photo = new(
            FieldTables.Photos,
            "p1",
            Square(139.7, 35.6),
            new Dictionary<string, object?>
            {
                ["name"] = "橋梁 001.JPG",
                ["sizeBytes"] = 8_000_000_000L,
                ["gsdM"] = 0.0123456789,
                ["synthetic"] = true,
                ["capturedAt"] = captured,
                ["assumptions"] = "[\"nadir\"]",
                ["reason"] = null,
            });
        await _store.WriteAsync([new(photo)], Cancel);
        await ReopenAsync();

        Feature read = (await _store.FindAsync(FieldTables.Photos, "p1", Cancel))!;
        Assert.Equal("橋梁 001.JPG", read.Text("name"));
        Assert.Equal(8_000_000_000, read.Whole("sizeBytes"));
        Assert.Equal(0.0123456789, read.Real("gsdM"));
        Assert.True(read.Flag("synthetic"));
        Assert.Equal(captured, read.Time("capturedAt"));
        Assert.Equal("[\"nadir\"]", read.Text("assumptions"));
        Assert.Null(read.Text("reason"));
        Assert.True(Square(139.7, 35.6).EqualsExact(read.Geometry));
        Assert.Null(await _store.FindAsync(FieldTables.Photos, "p2", Cancel));
    }

    [Fact]
    public async Task Revision_grows_over_all_tables_and_restarts()
    {
        List<long> revisions = [];
        for (int i = 0; i < 5; i++)
        {
            IReadOnlyList<Feature?> written = await _store.WriteAsync([new(Event($"e{i}")), new(Device("d"))], Cancel);
            revisions.AddRange(written.Select(f => f!.Revision));
            await ReopenAsync();
        }

        Assert.Equal(revisions.Order().Distinct(), revisions);
        FeaturePage all = await _store.QueryAsync(FieldTables.Events, new FeatureQuery(), Cancel);
        Assert.Equal(revisions[^1], all.Revision);
        FeaturePage since = await _store.QueryAsync(FieldTables.Events, new FeatureQuery { SinceRevision = revisions[4] }, Cancel);
        Assert.Equal(["e3", "e4"], since.Features.Select(f => f.Id));
        Assert.Equal(revisions[^1], Assert.Single((await _store.QueryAsync(FieldTables.Devices, new(), Cancel)).Features).Revision);
    }

    [Fact]
    public async Task InsertNew_leaves_a_stored_feature_as_it_is()
    {
        Assert.NotNull((await _store.WriteAsync([new(Event("e", "first"), WriteMode.InsertNew)], Cancel))[0]);
        Assert.Null((await _store.WriteAsync([new(Event("e", "second"), WriteMode.InsertNew)], Cancel))[0]);
        Assert.Equal("first", (await _store.FindAsync(FieldTables.Events, "e", Cancel))!.Text("kind"));
    }

    [Fact]
    public async Task InsertNew_replaces_a_feature_with_the_value_it_may_replace_and_no_other()
    {
        FeatureWrite Over(string kind) => new(Event("e", kind), WriteMode.InsertNew) { Over = ("kind", "first") };
        Assert.NotNull((await _store.WriteAsync([Over("first")], Cancel))[0]);
        Assert.NotNull((await _store.WriteAsync([Over("second")], Cancel))[0]);
        Assert.Null((await _store.WriteAsync([Over("third")], Cancel))[0]);
        Assert.Equal("second", (await _store.FindAsync(FieldTables.Events, "e", Cancel))!.Text("kind"));
    }

    [Fact]
    public async Task A_write_that_fails_writes_nothing_and_does_not_hurt_the_others_of_its_commit()
    {
        Feature wrong = Event("wrong").With(("sequence", "not a number"));
        Task<IReadOnlyList<Feature?>>[] good = [.. Enumerable.Range(0, 20).Select(i => _store.WriteAsync([new(Event($"g{i}"))], Cancel))];
        await Assert.ThrowsAsync<ArgumentException>(() => _store.WriteAsync([new(Event("before")), new(wrong)], Cancel));
        await Task.WhenAll(good);
        Assert.Null(await _store.FindAsync(FieldTables.Events, "before", Cancel));
        Assert.Equal(20, (await _store.CountByAsync(FieldTables.Events, "kind", null, Cancel)).Values.Sum());
    }

    [Fact]
    public async Task Query_by_box_follows_moves_and_lost_places()
    {
        await _store.WriteAsync([new(Event("here", lon: 139.7)), new(Event("there", lon: 141)), new(Event("nowhere", lon: null))], Cancel);
        FeatureQuery box = new() { Within = new Envelope(139, 140, 35, 36) };
        Assert.Equal(["here"], await IdsAsync(box));
        await _store.WriteAsync([new(Event("here", lon: 141)), new(Event("there", lon: 139.5))], Cancel);
        Assert.Equal(["there"], await IdsAsync(box));
        await _store.WriteAsync([new(Event("there", lon: null))], Cancel);
        Assert.Empty(await IdsAsync(box));
    }

    [Fact]
    public async Task Query_pages_by_limit_and_up_to_a_revision()
    {
        await _store.WriteAsync([.. Enumerable.Range(0, 25).Select(i => new FeatureWrite(Event($"e{i:00}")))], Cancel);
        FeaturePage first = await _store.QueryAsync(FieldTables.Events, new FeatureQuery { Limit = 10 }, Cancel);
        Assert.False(first.IsLast);
        Assert.Equal(10, first.Features.Count);
        FeaturePage rest = await _store.QueryAsync(
            FieldTables.Events, new FeatureQuery { SinceRevision = first.Features[^1].Revision, UpToRevision = 20 }, Cancel);
        Assert.True(rest.IsLast);
        Assert.Equal(Enumerable.Range(10, 10).Select(i => $"e{i:00}"), rest.Features.Select(f => f.Id));
    }

    [Fact]
    public async Task Query_and_count_by_column_refuse_a_column_the_table_lacks()
    {
        await _store.WriteAsync([new(Event("a", "opened")), new(Event("b", "opened")), new(Event("c", "denied"))], Cancel);
        IReadOnlyDictionary<string, long> counts = await _store.CountByAsync(FieldTables.Events, "kind", null, Cancel);
        Assert.Equal(2, counts["opened"]);
        Assert.Equal(1, counts["denied"]);
        Assert.Equal(["c"], await IdsAsync(new FeatureQuery { Where = ("kind", "denied") }));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.CountByAsync(FieldTables.Events, "1; DROP TABLE events", null, Cancel));
    }

    [Fact]
    public async Task A_wrong_geometry_type_is_refused_and_a_single_polygon_becomes_a_multipolygon()
    {
        Feature finding = new(FieldTables.Findings, "f", Square(1, 2), new Dictionary<string, object?> { ["class"] = "crack" });
        await _store.WriteAsync([new(finding)], Cancel);
        Assert.IsType<MultiPolygon>((await _store.FindAsync(FieldTables.Findings, "f", Cancel))!.Geometry);
        await Assert.ThrowsAsync<ArgumentException>(() => _store.WriteAsync([new(Event("e") with { Geometry = Square(1, 2) })], Cancel));
    }

    [Fact]
    public async Task Concurrent_writers_share_commits_and_all_is_durable()
    {
        await using SqliteDatabase database = new(
            _folder.Path("group.sqlite"), SqliteMigrations.ByUserVersion("CREATE TABLE t (v INTEGER)"), TimeProvider.System);
        using ManualResetEventSlim blocked = new();
        Task first = database.WriteAsync(_ => { blocked.Wait(Cancel); return 0; }, Cancel);
        Task[] writes = [.. Enumerable.Range(0, 100).Select(i => database.WriteAsync(c => Insert(c, i), Cancel))];
        Assert.All(writes, w => Assert.False(w.IsCompleted));
        blocked.Set();
        await Task.WhenAll([first, .. writes]);
        Assert.InRange(database.CommitCount, 1, 3);
        Assert.Equal(100, await database.ReadAsync(c => Count(c), Cancel));
    }

    [Fact]
    public async Task A_full_medium_is_transient_and_fails_every_write_of_the_commit()
    {
        await using SqliteDatabase database = new(
            _folder.Path("full.sqlite"),
            SqliteMigrations.ByUserVersion("CREATE TABLE t (v BLOB)"),
            TimeProvider.System,
            c => Execute(c, "PRAGMA max_page_count = 20"));
        StoreException e = await Assert.ThrowsAsync<StoreException>(
            () => database.WriteAsync(c => Execute(c, "INSERT INTO t VALUES (zeroblob(1000000))"), Cancel));
        Assert.True(e.IsTransient);
        Assert.Contains("free space", e.Message, StringComparison.Ordinal);
        await database.WriteAsync(c => Execute(c, "INSERT INTO t VALUES (1)"), Cancel);
        Assert.Equal(1, await database.ReadAsync(c => Count(c), Cancel));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_an_error_that_names_it()
    {
        await File.WriteAllTextAsync(_folder.Path("text.gpkg"), new string('x', 5000), Cancel);
        StoreException e = Assert.Throws<StoreException>(() => new GeoPackageStore(_folder.Path("text.gpkg"), TimeProvider.System));
        Assert.Contains("text.gpkg", e.Message, StringComparison.Ordinal);
    }

    internal static int Insert(Microsoft.Data.Sqlite.SqliteConnection connection, int value) => Execute(connection, $"INSERT INTO t VALUES ({value})");

    internal static int Execute(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    internal static long Count(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM t";
        return (long)command.ExecuteScalar()!;
    }

    internal static Polygon Square(double lon, double lat) => GeometryFactory.Default.CreatePolygon(
        [new(lon, lat), new(lon + 0.001, lat), new(lon + 0.001, lat + 0.001), new(lon, lat + 0.001), new(lon, lat)]);

    internal static Feature Event(string id, string kind = "door-opened", double? lon = 139.7) => new(
        FieldTables.Events,
        id,
        lon is { } x ? GeometryFactory.Default.CreatePoint(new Coordinate(x, 35.6)) : null,
        new Dictionary<string, object?> { ["kind"] = kind, ["device"] = "lock-1", ["sequence"] = 1L, ["details"] = "{}" });

    private static Feature Device(string id) => new(FieldTables.Devices, id, null, new Dictionary<string, object?> { ["state"] = "online" });

    private async Task<IEnumerable<string>> IdsAsync(FeatureQuery query) =>
        (await _store.QueryAsync(FieldTables.Events, query, Cancel)).Features.Select(f => f.Id);

    private GeoPackageStore Open() => new(_folder.Path("field.gpkg"), TimeProvider.System);

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = Open();
    }
}
