using System.Text.Json;
using Field.Ingest.Decisions;
using Field.Ingest.Findings;
using Field.Store;
using Field.Tests.Ingest;
using Field.Tests.Store;
using Field.Vision;

namespace Field.Tests.Decisions;

public sealed class DecisionTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IngestHost _host;

    public DecisionTests() => _host = new IngestHost(_folder.Root);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DecisionService Service => _host.Get<DecisionService>();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Confirm_of_an_open_draft_needs_a_degree_and_keeps_the_draft()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        Assert.Equal(["degree-needed"], await CodesAsync(finding, Scene.Request("confirm", finding)));
        Feature confirmed = await DoneAsync(finding, Scene.Request("confirm", finding) with { Degree = "c", Note = "近接目視で確認" });
        Assert.Equal(("confirmed", "c", "b", "d", "焼津 太郎", "近接目視で確認", 1L), (
            confirmed.Text("status"), confirmed.Text("degree"), confirmed.Text("degreeLeast"), confirmed.Text("degreeMost"),
            confirmed.Text("decidedBy"), confirmed.Text("decisionNote"), confirmed.Whole("decisionCount")!.Value));
        Assert.NotNull(confirmed.Time("decidedAt"));
        Assert.Equal(confirmed.Revision, _host.Sink.Live("finding")[^1].GetProperty("data").GetProperty("properties").GetProperty("revision").GetInt64());
        Assert.Equal(1, (await _host.Queries.CountAsync(Cancel)).FindingsByClass["crack"]);
    }

    [Fact]
    public async Task Confirm_of_a_closed_draft_takes_its_letter()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features, f => f.With(("degreeMost", "b")));
        Assert.Equal("b", (await DoneAsync(finding, Scene.Request("confirm", finding))).Text("degree"));
    }

    [Fact]
    public async Task Correction_changes_class_asset_and_element_and_the_draft_is_drawn_up_for_the_new_ones()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        Feature corrected = await DoneAsync(finding, Scene.Request("correct", finding) with { Class = "slump", AssetId = Scene.Levee, Degree = "d" });
        Assert.Equal(("corrected", "slump", "levee", "d", Scene.Levee, null, "小川", "left"), (
            corrected.Text("status"), corrected.Text("class"), corrected.Text("rankScale"), corrected.Text("degree"), corrected.Text("assetId"),
            corrected.Text("elementId"), corrected.Text("river"), corrected.Text("bank")));

        // 4 x 20 px of 0.05 m are 0.2 m2 of a slope: below 10 m2, c by the levee's table; nothing is left of the bridge's.
        Assert.Equal(("c", "c", null), (corrected.Text("degreeLeast"), corrected.Text("degreeMost"), corrected.Whole("damageType")));
        Assert.Equal(0.2, JsonElement.Parse(corrected.Text("degreeNumbers")!).GetProperty("areaM2").GetDouble(), 0.01);
        Assert.Contains("own-rule", corrected.Text("degreeReasons"), StringComparison.Ordinal);
        Assert.InRange(corrected.Real("urgency")!.Value, 60, 80);

        // The line is 20,000ths of a degree long for 1.8 km; the crack lies half way along it.
        Assert.Equal(10.9, corrected.Real("markKm")!.Value + (corrected.Real("markOffsetM")!.Value / 1000), 0.01);
    }

    [Fact]
    public async Task Correction_of_the_mask_is_measured_as_the_model_is_and_leaves_the_degree_of_the_person()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        finding = await DoneAsync(finding, Scene.Request("confirm", finding) with { Degree = "e" });
        Feature corrected = await DoneAsync(finding, Scene.Request("correct", finding) with { PixelRings = Scene.Box(100, 49, 40, 2) });

        // 40 x 2 px of 0.05 m: 2 m long, 100 mm wide, 0.2 m2.
        Assert.Equal(2, corrected.Real("lengthM")!.Value, 0.1);
        Assert.Equal(100, corrected.Real("maxWidthMm")!.Value, 10);
        Assert.Equal(0.2, corrected.Real("areaM2")!.Value, 1e-6);
        Assert.Equal("[[[100,49],[140,49],[140,51],[100,51]]]", corrected.Text("pixelRings"));
        Assert.Equal("e", corrected.Text("degree"));
        Assert.Equal((6L, "d", "d"), (corrected.Whole("damageType"), corrected.Text("degreeLeast"), corrected.Text("degreeMost"))); // wide, and no crack within 0.5 m
        JsonElement numbers = JsonElement.Parse(corrected.Text("degreeNumbers")!);
        Assert.Equal(corrected.Real("maxWidthMm")!.Value, numbers.GetProperty("maxWidthMm").GetDouble(), 1e-5);
        Assert.True(numbers.GetProperty("gsdErrorMm").GetDouble() > 0);
        Assert.Equal(2 * finding.Geometry!.EnvelopeInternal.Width, corrected.Geometry!.EnvelopeInternal.Width, 1e-9);
    }

    [Fact]
    public async Task Correction_of_the_element_is_drafted_by_the_table_of_that_member()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        await _host.Stores.Features.WriteAsync([new FeatureWrite(Scene.Asset("element:B1/Ds0101", "element", null, ("parent", Scene.Bridge)))], Cancel);
        Feature corrected = await DoneAsync(finding, Scene.Request("correct", finding) with { ElementId = "element:B1/Ds0101", Degree = "d" });
        Assert.Equal((11L, null, "d"), (corrected.Whole("damageType"), corrected.Text("degreeMost"), corrected.Text("degree")));
        Assert.Contains("no-table", corrected.Text("degreeReasons"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Correction_to_a_levee_leaves_no_letter_of_the_bridge()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        finding = await DoneAsync(finding, Scene.Request("confirm", finding) with { Degree = "e" });
        Assert.Equal(["degree"], await CodesAsync(finding, Scene.Request("correct", finding) with { AssetId = Scene.Levee, Degree = "e" }));
        Feature corrected = await DoneAsync(finding, Scene.Request("correct", finding) with { AssetId = Scene.Levee });
        Assert.Equal(("levee", null, "d"), (corrected.Text("rankScale"), corrected.Text("degree"), corrected.Text("degreeMost"))); // 200 mm wide: d by the levee's table
    }

    [Fact]
    public async Task Correction_to_spalling_is_graded_with_the_rebar_that_the_photo_shows_in_it_and_not_with_what_was_rejected()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        Feature rebar = Scene.Crack(Scene.Photo(), ordinal: 1).With(("class", "rebar"));
        await _host.Stores.Features.WriteAsync([new FeatureWrite(rebar)], Cancel);
        DecisionRequest request = Scene.Request("correct", finding) with { Class = "spalling", Degree = "d" };
        Feature corrected = await DoneAsync(finding, request);
        Assert.Equal(("d", "e"), (corrected.Text("degreeLeast"), corrected.Text("degreeMost")));
        Assert.Contains("rebar-exposed", corrected.Text("degreeReasons"), StringComparison.Ordinal);

        Feature undone = await DoneAsync(corrected, Scene.Request("undo", corrected));
        Feature stored = (await Service.FindAsync(rebar.Id, Cancel))!;
        await DoneAsync(stored, Scene.Request("reject", stored));
        Feature without = await DoneAsync(undone, Scene.Request("correct", undone) with { Class = "spalling", Degree = "c" });
        Assert.Equal(("c", "c"), (without.Text("degreeLeast"), without.Text("degreeMost")));
    }

    [Fact]
    public async Task Outlines_that_touched_before_may_stay_so_and_new_ones_may_not()
    {
        PixelPoint[] first = [new(10, 10), new(30, 10), new(30, 20), new(10, 20)];
        PixelPoint[] touching = [new(30, 12), new(50, 12), new(50, 18), new(30, 18)];
        Feature finding = await Scene.StoreAsync(_host.Stores.Features, f => f.With(("pixelRings", FindingOutline.Text([first, touching]))));
        PixelPoint[] moved = [new(10, 9), .. first[1..]];
        PixelPoint[] crossing = [new(10, 9), new(30, 10), new(30, 20), new(40, 15)];
        Assert.Equal(["rings-cross"], await CodesAsync(finding, Scene.Request("correct", finding) with { PixelRings = [crossing, touching] }));
        Assert.Equal(["rings-cross"], await CodesAsync(finding, Scene.Request("correct", finding) with { PixelRings = [[new(11, 10), new(31, 10), new(31, 20), new(11, 20)], [.. touching.Select(p => new PixelPoint(p.X + 0.5, p.Y))]] }));
        Assert.Equal("corrected", (await DoneAsync(finding, Scene.Request("correct", finding) with { PixelRings = [moved, touching], Degree = "c" })).Text("status"));
    }

    [Fact]
    public async Task Refusal_lists_all_errors_in_both_languages()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        DecisionRequest request = Scene.Request("correct", finding) with
        {
            Who = " ".Trim(),
            Note = new string('x', 1001),
            Class = "dragon",
            AssetId = "bridge:none",
            ElementId = "element:none",
            PixelRings = [[new(-1, 0), new(201, 50), new(201, 0), new(0, 50)]],
        };
        DecisionResult result = await Service.DecideAsync(finding.Id, request, [], Cancel);
        Assert.Equal(["who", "note", "unknown-class", "no-asset", "no-element", "rings-outside", "rings-cross"], result.Errors.Select(e => e.Code));
        Assert.All(result.Errors, e => Assert.True(e.Ja.Any(c => c > 0x3000) && e.En.Length > 10 && !e.En.Any(c => c > 0x3000), e.Code));
        Assert.Empty(await HistoryAsync(finding));
    }

    [Theory]
    [InlineData("approve", null, null, null, null, "action")]
    [InlineData("confirm", "f", null, null, null, "degree")]
    [InlineData("correct", null, null, null, null, "nothing-to-correct")]
    [InlineData("confirm", "c", "spalling", null, null, "not-a-correction")]
    [InlineData("reject", "c", null, null, null, "degree-not-here")]
    [InlineData("correct", "e", "slump", null, null, "degree")]
    [InlineData("correct", "b", "pothole", null, null, "no-scale")]
    [InlineData("correct", null, null, Scene.Element, null, "not-an-asset")]
    [InlineData("correct", null, null, null, Scene.ElementOfOther, "element-of-other")]
    [InlineData("correct", null, null, "bridge:B2", Scene.Element, "element-of-other")]
    [InlineData("correct", null, null, null, Scene.Bridge, "no-element")]
    [InlineData("undo", null, null, null, null, "nothing-to-undo")]
    public async Task Decision_that_cannot_be_is_refused(string action, string? degree, string? damageClass, string? asset, string? element, string code)
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        DecisionRequest request = Scene.Request(action, finding) with { Degree = degree, Class = damageClass, AssetId = asset, ElementId = element };
        Assert.Equal([code], await CodesAsync(finding, request));
        Assert.Equal(finding.Revision, (await Service.FindAsync(finding.Id, Cancel))!.Revision);
    }

    [Fact]
    public async Task Finding_that_stands_for_nothing_is_not_decided_on()
    {
        Feature merged = await Scene.StoreAsync(_host.Stores.Features, f => f.With(("mergedInto", "0123")));
        DecisionResult result = await Service.DecideAsync(merged.Id, Scene.Request("reject", merged), [], Cancel);
        Assert.Contains("decide on 0123", Assert.Single(result.Errors).En, StringComparison.Ordinal);
        Feature superseded = await Scene.StoreAsync(_host.Stores.Features, f => f.With(("status", "superseded")));
        Assert.Equal(["superseded"], await CodesAsync(superseded, Scene.Request("reject", superseded)));
        Assert.Equal(DecisionOutcome.NotFound, (await Service.DecideAsync("ffff", Scene.Request("reject", merged), [], Cancel)).Outcome);
    }

    [Fact]
    public async Task Undo_brings_back_every_column_and_redo_is_to_decide_again()
    {
        Feature draft = await Scene.StoreAsync(_host.Stores.Features);
        Feature corrected = await DoneAsync(draft, Scene.Request("correct", draft) with { Class = "spalling", ElementId = Scene.Element, PixelRings = Scene.Box(10, 10, 30, 20), Degree = "c" });
        Feature rejected = await DoneAsync(corrected, Scene.Request("reject", corrected));
        Feature undone = await DoneAsync(rejected, Scene.Request("undo", rejected));
        AssertSame(corrected, undone);
        Feature first = await DoneAsync(undone, Scene.Request("undo", undone));
        AssertSame(draft, first);
        Assert.Equal(["nothing-to-undo"], await CodesAsync(first, Scene.Request("undo", first)));
        Feature again = await DoneAsync(first, Scene.Request("confirm", first) with { Degree = "d" });
        Assert.Equal(("confirmed", "d", 5L), (again.Text("status"), again.Text("degree"), again.Whole("decisionCount")!.Value));

        JsonElement[] history = await HistoryAsync(again);
        Assert.Equal(["correct", "reject", "undo", "undo", "confirm"], history.Select(d => d.GetProperty("action").GetString()));
        Assert.Equal([1, 2, 3, 4, 5], history.Select(d => d.GetProperty("n").GetInt32()));
        Assert.Equal("crack", history[0].GetProperty("before").GetProperty("class").GetString());
        Assert.Equal("spalling", history[0].GetProperty("after").GetProperty("class").GetString());
        Assert.Equal(30, history[0].GetProperty("after").GetProperty("pixelRings")[0][1][0].GetDouble() - 10);
        Assert.False(history[1].GetProperty("after").TryGetProperty("class", out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Undo_of_any_number_of_decisions_ends_at_the_draft(int seed)
    {
        Random random = new(seed);
        Feature draft = await Scene.StoreAsync(_host.Stores.Features);
        Stack<Feature> states = new([draft]);
        for (int i = 0; i < 25; i++)
        {
            Feature now = states.Peek();
            if (states.Count > 1 && random.Next(3) == 0)
            {
                states.Pop();
                Feature undone = await DoneAsync(now, Scene.Request("undo", now));
                AssertSame(states.Pop(), undone);
                states.Push(undone);
                continue;
            }

            states.Push(await DoneAsync(now, random.Next(4) switch
            {
                0 => Scene.Request("confirm", now) with { Degree = "b" },
                1 => Scene.Request("reject", now) with { Note = $"{i}" },
                2 => Scene.Request("correct", now) with { Class = random.Next(2) == 0 ? "rebar" : "corrosion" },
                _ => Scene.Request("correct", now) with { PixelRings = Scene.Box(random.Next(100), random.Next(50), 1 + random.Next(40), 1 + random.Next(40)) },
            }));
        }
    }

    [Fact]
    public async Task Decision_on_what_another_has_changed_is_not_stored()
    {
        Feature seen = await Scene.StoreAsync(_host.Stores.Features);
        Feature first = await DoneAsync(seen, Scene.Request("confirm", seen) with { Degree = "c" });
        DecisionResult second = await Service.DecideAsync(seen.Id, Scene.Request("reject", seen), [], Cancel);
        Assert.Equal((DecisionOutcome.Stale, first.Revision, "confirmed"), (second.Outcome, second.Finding!.Revision, second.Finding.Text("status")));
        Assert.Single(await HistoryAsync(seen));
        Assert.Equal("rejected", (await DoneAsync(first, Scene.Request("reject", second.Finding))).Text("status"));
    }

    [Fact]
    public async Task Decisions_at_once_on_one_finding_one_is_stored()
    {
        Feature seen = await Scene.StoreAsync(_host.Stores.Features);
        DecisionResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            Service.DecideAsync(seen.Id, Scene.Request("reject", seen) with { Who = $"p{i}" }, [], Cancel)));
        Assert.Single(results, r => r.Outcome == DecisionOutcome.Done);
        Assert.Equal(11, results.Count(r => r.Outcome == DecisionOutcome.Stale));
        Assert.Single(await HistoryAsync(seen));
    }

    [Fact]
    public async Task Required_write_that_does_not_hold_stops_the_others()
    {
        Feature seen = await Scene.StoreAsync(_host.Stores.Features);
        Feature other = new(FieldTables.Decisions, "x:1", null, new Dictionary<string, object?> { ["findingId"] = "x" });
        FeatureWrite[] writes = [new(other, WriteMode.InsertNew), new(seen.With(("class", "rebar"))) { IfRevision = seen.Revision - 1, IsRequired = true }];
        Assert.All(await _host.Stores.Features.WriteAsync(writes, Cancel), Assert.Null);
        Assert.Null(await _host.Stores.Features.FindAsync(FieldTables.Decisions, "x:1", Cancel));
    }

    private static void AssertSame(Feature expected, Feature actual)
    {
        foreach (Column column in FieldTables.Findings.Columns.Where(c => c.Name != "decisionCount"))
        {
            Assert.Equal((column.Name, expected.Properties.GetValueOrDefault(column.Name)), (column.Name, actual.Properties.GetValueOrDefault(column.Name)));
        }

        Assert.True(expected.Geometry!.EqualsExact(actual.Geometry, 1e-11), $"{expected.Geometry} {actual.Geometry}");
    }

    private async Task<Feature> DoneAsync(Feature finding, DecisionRequest request)
    {
        DecisionResult result = await Service.DecideAsync(finding.Id, request, [], Cancel);
        Assert.True(result.Outcome == DecisionOutcome.Done, string.Join('\n', result.Errors));
        return (await Service.FindAsync(finding.Id, Cancel))!;
    }

    private async Task<IEnumerable<string>> CodesAsync(Feature finding, DecisionRequest request)
    {
        DecisionResult result = await Service.DecideAsync(finding.Id, request, [], Cancel);
        Assert.Equal(DecisionOutcome.Refused, result.Outcome);
        return result.Errors.Select(e => e.Code);
    }

    private async Task<JsonElement[]> HistoryAsync(Feature finding)
    {
        MemoryStream stream = new();
        Assert.True(await Service.WriteHistoryAsync(stream, finding.Id, Cancel));
        return Scene.History(stream);
    }
}
