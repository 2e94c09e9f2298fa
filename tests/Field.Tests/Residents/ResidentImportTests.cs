using System.Text;
using Field.Ingest.Identity;
using Field.Ingest.Residents;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Store;

namespace Field.Tests.Residents;

/// <summary>SPEC.md, Residents: points of households joined to a register, and everything that does not join.</summary>
public sealed class ResidentImportTests : IDisposable
{
    private const string Points = "世帯番号,経度,緯度\n0001,138.31,34.86\n0002,138.32,34.86\n0003,138.33,34.86\n0003,138.34,34.86\n0009,138.35,34.86\n,138.36,34.86\n0006,,\n";
    private const string Register = "世帯番号,世帯人数,65歳以上,避難行動要支援者,自治会\n0001,3,1,○,港第一\n0002,2,0,,港第二\n0003,1,1,0,港第一\n0004,4,0,0,港第二\n0005,1,2,0,港第一\n0006,2,2,1,港第一\n0007,三人,0,0,港第一\n";
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.Path("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Register_joins_its_points_and_what_does_not_join_is_kept_with_the_reason()
    {
        await using ResidentDesk desk = ResidentDesk.Open(Data, TimeProvider.System);
        ResidentRegister register = await DoneAsync(desk, Both());
        Assert.Equal((3, 6, 2, 6), (register.Households, register.People, register.UnplacedHouseholds, register.UnplacedPeople));
        Assert.Equal(["people", "aged65", "needsSupport", "households", "association"], register.Columns);
        Assert.False(register.IsSynthetic);

        List<Household> all = [];
        await foreach (Household h in desk.HouseholdsAsync(register.Edition, Cancel))
        {
            all.Add(h);
        }

        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(h => (int)h.N));
        Assert.Equal((138.31, 34.86), (all[0].Place!.Value.Lon, all[0].Place!.Value.Lat));
        Assert.Equal(("0001", 3, 1, 1, "港第一"), (all[0].Number, all[0].People, all[0].Aged65, all[0].NeedsSupport, all[0].Association));
        Assert.Equal(
            ["0001 taken ", "0002 taken ", "0003 taken ", "0004 unplaced there is no point of this household", "0005 refused more are aged 65 or need support than live there", "0006 unplaced has no geometry, or none that can be read", "0007 refused people is no whole number from 0 to 100000", "0003 refused there is a point of this household already: the first counts", "0009 unregistered the register does not have this household number", " refused has no household number"],
            all.Select(h => $"{h.Number} {h.State} {h.Reason?.En}"));
        Assert.Equal(138.33, all[2].Place!.Value.Lon); // the first of its two points
    }

    [Fact]
    public async Task Persons_are_added_up_to_households_and_ages_are_of_the_day_of_the_register()
    {
        string register = Write("台帳.csv", "世帯番号,生年月日,避難行動要支援者\n0001,1960-06-01,0\n0001,1990/1/2,1\n0002,1960-06-02,×\n０００３,1959年12月31日,有\n", 932);
        string points = Write("点.csv", Points);
        await using ResidentDesk desk = ResidentDesk.Open(Data, TimeProvider.System);
        ResidentRegister r = await DoneAsync(desk, new ResidentImportOptions { Points = points, Register = register, Crs = 6668, RegisterEncoding = "Shift_JIS", SourceDate = "2025-06-01" });
        List<Household> all = [];
        await foreach (Household h in desk.HouseholdsAsync(r.Edition, Cancel))
        {
            all.Add(h);
        }

        Assert.Equal([(2, 1, 1), (1, 0, 0), (1, 1, 1)], all.Take(3).Select(h => (h.People, h.Aged65, h.NeedsSupport))); // born 2 June 1960: 64 on 1 June 2025
        Assert.DoesNotContain("association", r.Columns);
    }

    [Fact]
    public async Task One_geojson_in_a_plane_system_may_hold_everything()
    {
        string file = Write("all.geojson", """
            {"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::6676"}},"features":[
            {"type":"Feature","properties":{"household":7,"people":2,"age65":1,"自治会":"東","synthetic":1},"geometry":{"type":"Point","coordinates":[-17000,-126000]}}]}
            """);
        await using ResidentDesk desk = ResidentDesk.Open(Data, TimeProvider.System);
        ResidentRegister r = await DoneAsync(desk, new ResidentImportOptions { Points = file });
        Assert.True(r.IsSynthetic);
        await foreach (Household h in desk.HouseholdsAsync(r.Edition, Cancel))
        {
            Assert.Equal(("7", 2, "東"), (h.Number, h.People, h.Association));
            Assert.Equal(138.314065, h.Place!.Value.Lon, 6); // PROJ, by gdaltransform
            Assert.Equal(34.864082, h.Place.Value.Lat, 6);
        }
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "lon and lat")]
    [InlineData("経度,緯度,人数\n138.3,34.8,1\n", "household numbers")]
    [InlineData("世帯番号,household,経度,緯度\n1,1,138.3,34.8\n", "two columns mean the same")]
    [InlineData("世帯番号,経度,緯度\n99,138.3,34.8\n", "not one household number is in both")]
    public async Task Files_that_cannot_be_joined_are_refused_and_nothing_changes(string points, string why)
    {
        await using ResidentDesk desk = ResidentDesk.Open(Data, TimeProvider.System);
        ResidentRegister before = await DoneAsync(desk, Both());
        ResidentImportResult result = await desk.ImportAsync(Both() with { Points = Write("other.csv", points) }, "user:test", Cancel);
        Assert.Null(result.Register);
        Assert.Contains(result.Faults, f => f.En.Contains(why, StringComparison.Ordinal));
        Assert.Equal(before.Edition, (await desk.FindAsync(Cancel))!.Edition);
        Assert.Equal([before.Edition], await EditionsAsync());
    }

    [Fact]
    public async Task New_edition_replaces_and_restore_brings_the_one_before_back()
    {
        await using ResidentDesk desk = ResidentDesk.Open(Data, TimeProvider.System);
        ResidentRegister first = await DoneAsync(desk, Both());
        Assert.True((await desk.ImportAsync(Both(), "user:test", Cancel)).IsUnchanged);
        ResidentRegister second = await DoneAsync(desk, Both() with { Register = Write("台帳2.csv", Register.Replace("0001,3", "0001,5", StringComparison.Ordinal)) });
        Assert.Equal((8, 2), (second.People, (await EditionsAsync()).Length));
        Assert.Equal(first.Edition, (await desk.RestoreAsync("user:test", Cancel)).Edition);
        Assert.Equal(second.Edition, (await desk.RestoreAsync("user:test", Cancel)).Edition);
        ResidentRegister third = await DoneAsync(desk, Both() with { SourceDate = "2025-01-01" });
        Assert.Equal(new[] { second.Edition, third.Edition }.Order(StringComparer.Ordinal), (await EditionsAsync()).Order(StringComparer.Ordinal));

        await desk.RemoveAsync(forever: false, "user:test", Cancel);
        Assert.NotNull((await desk.FindAsync(Cancel))!.RemovedAt);
        Assert.Equal(third.Edition, (await desk.RestoreAsync("user:test", Cancel)).Edition);
        await desk.RemoveAsync(forever: true, "user:test", Cancel);
        Assert.Null(await desk.FindAsync(Cancel));
        Assert.Empty(await EditionsAsync());
        string audit = string.Join('\n', AuditLog.Read(IdentityOptions.AuditFolderOf(Data)));
        Assert.All((string[])["residents.import", "residents.restore", "residents.remove", "residents.delete"], what => Assert.Contains(what, audit, StringComparison.Ordinal));
        Assert.DoesNotContain("0001", string.Concat(AuditLog.Read(IdentityOptions.AuditFolderOf(Data)).Select(l => l.Split("\"detail\"")[^1])), StringComparison.Ordinal); // no household's number
    }

    [Fact]
    public void No_collection_of_the_map_holds_residents()
    {
        Assert.False(FieldTables.Households.IsPublished);
        Assert.False(FieldTables.Registers.IsPublished);
    }

    private ResidentImportOptions Both() => new() { Points = Write("点.csv", Points), Register = Write("台帳.csv", Register), Crs = 6668, Encoding = "UTF-8", RegisterEncoding = "UTF-8" };

    private static async Task<ResidentRegister> DoneAsync(ResidentDesk desk, ResidentImportOptions options)
    {
        ResidentImportResult result = await desk.ImportAsync(options, "user:test", Cancel);
        Assert.True(result.Register is not null, string.Join("; ", result.Faults.Select(f => f.En)));
        return result.Register;
    }

    private async Task<string[]> EditionsAsync()
    {
        await using IFeatureStore store = StoreUris.Under(Data).OpenFeatures(TimeProvider.System);
        return [.. (await store.CountByAsync(FieldTables.Households, "edition", null, Cancel)).Keys];
    }

    private string Write(string name, string content, int codePage = 65001)
    {
        string path = _folder.Path(name);
        File.WriteAllBytes(path, CodePagesEncodingProvider.Instance.GetEncoding(codePage) is { } old ? old.GetBytes(content) : Encoding.UTF8.GetBytes(content));
        return path;
    }
}
