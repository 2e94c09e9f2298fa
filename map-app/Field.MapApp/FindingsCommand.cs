using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Field.Ingest.Decisions;

namespace Field.MapApp;

/// <summary><c>findings list | show | decide | history | compare</c> at the running server, and <c>export</c> from a data folder: what people decide on findings.</summary>
internal static class FindingsCommand
{
    private static readonly Option<string> Data = ServerCommand.DataOption();
    private static readonly Option<string> Lang = new("--lang") { HelpName = "ja|en", Recursive = true, DefaultValueFactory = _ => "ja", Description = "表示の言語 / Language of what is said." };
    private static readonly Argument<string> Id = new("ID") { Description = "The finding." };

    public static Command Create()
    {
        Lang.AcceptOnlyFromAmong("ja", "en");
        return new Command("findings", "所見を確かめて判断します / Findings, and what people decide on them.") { Data, Lang, List(), Show(), Decide(), History(), Compare(), Export() };
    }

    private static Command List()
    {
        Option<string?> status = new("--status") { HelpName = "draft|confirmed|corrected|rejected", Description = "Only these." };
        Option<string?> asset = new("--asset") { HelpName = "ID", Description = "Only of this asset." };
        Option<bool> all = new("--all") { Description = "Also those that are merged into another or replaced." };
        Command command = new("list", "急ぐ順の一覧 / Lists findings, most urgent first.") { status, asset, all };
        command.SetAction((r, cancel) => RunAsync(r, async server =>
        {
            JsonElement collection = await server.GetAsync("/api/v1/features/findings", cancel).ConfigureAwait(false);
            JsonElement[] findings =
            [
                .. collection.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties"))
                    .Where(p => r.GetValue(all) || (Text(p, "mergedInto") is null && Text(p, "status") != "superseded"))
                    .Where(p => r.GetValue(status) is not { } s || Text(p, "status") == s)
                    .Where(p => r.GetValue(asset) is not { } a || Text(p, "assetId") == a)
                    .OrderByDescending(p => Real(p, "urgency") ?? -1).ThenBy(p => Text(p, "findingId"), StringComparer.Ordinal),
            ];
            foreach (JsonElement finding in findings)
            {
                Console.WriteLine(Line(finding));
            }

            Console.WriteLine(Say(r, $"{findings.Length} 件", $"{findings.Length} findings"));
        }));
        return command;
    }

    private static Command Show()
    {
        Command command = new("show", "一件の内容 / Shows a finding.") { Id };
        command.SetAction((r, cancel) => RunAsync(r, async server =>
        {
            JsonElement finding = await server.GetAsync(Path(r), cancel).ConfigureAwait(false);
            foreach (JsonProperty property in finding.GetProperty("properties").EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null && p.Name != "pixelRings"))
            {
                Console.WriteLine($"{property.Name,-16} {property.Value}");
            }
        }));
        return command;
    }

    private static Command Decide()
    {
        Argument<string> action = new("ACTION") { Description = "confirm, correct, reject or undo." };
        action.AcceptOnlyFromAmong("confirm", "correct", "reject", "undo");
        Option<string> who = ServerCommand.WhoOption();
        Option<string?> note = new("--note") { HelpName = "TEXT", Description = "Why; it is kept in the history." };
        Option<long?> revision = new("--revision") { HelpName = "N", Description = "The revision that you saw; default the one that is there now." };
        Option<string?> degree = new("--degree") { HelpName = "LETTER", Description = "a-e of a bridge, a-d of a levee." };
        Option<string?> damageClass = new("--class") { HelpName = "CLASS", Description = "What it is, such as spalling." };
        Option<string?> asset = new("--asset") { HelpName = "ID", Description = "Such as bridge:B012." };
        Option<string?> element = new("--element") { HelpName = "ID", Description = "Such as element:B012/Mg0101." };
        Option<FileInfo?> rings = new("--rings") { HelpName = "FILE", Description = "JSON file of outlines in pixels of the photo: [[[x,y],...],...]." };
        Command command = new("decide", "確定、修正、却下、取り消し / Confirms, corrects, rejects, or takes back.") { Id, action, who, note, revision, degree, damageClass, asset, element, rings };
        command.SetAction((r, cancel) => RunAsync(r, async server =>
        {
            long seen = r.GetValue(revision) ?? (await server.GetAsync(Path(r), cancel).ConfigureAwait(false)).GetProperty("properties").GetProperty("revision").GetInt64();
            JsonElement? outline = r.GetValue(rings) is { } file ? Read(file) : null;
            JsonElement decided = (await server.PostAsync(
                Path(r) + "/decision",
                new
                {
                    action = r.GetRequiredValue(action),
                    who = r.GetRequiredValue(who),
                    note = r.GetValue(note),
                    revision = seen,
                    degree = r.GetValue(degree),
                    @class = r.GetValue(damageClass),
                    assetId = r.GetValue(asset),
                    elementId = r.GetValue(element),
                    pixelRings = outline,
                },
                cancel).ConfigureAwait(false))!.Value;
            Console.WriteLine(Line(decided.GetProperty("properties")));
        }));
        return command;
    }

    private static Command History()
    {
        Command command = new("history", "判断の履歴 / What was decided, oldest first.") { Id };
        command.SetAction((r, cancel) => RunAsync(r, async server =>
        {
            JsonElement history = await server.GetAsync(Path(r) + "/history", cancel).ConfigureAwait(false);
            foreach (JsonElement d in history.GetProperty("decisions").EnumerateArray())
            {
                string changes = string.Join("  ", d.GetProperty("after").EnumerateObject().Where(p => p.Name is "status" or "class" or "degree" or "assetId" or "elementId" or "lengthM" or "maxWidthMm" or "areaM2")
                    .Select(p => $"{p.Name}: {Shown(d.GetProperty("before").GetProperty(p.Name))} -> {Shown(p.Value)}"));
                Console.WriteLine($"{d.GetProperty("n")}  {Text(d, "at")}  {Text(d, "action"),-8} {Text(d, "who")}  {changes}  {Text(d, "note")}".TrimEnd());
            }

            int count = history.GetProperty("decisions").GetArrayLength();
            Console.WriteLine(Say(r, $"{count} 件", $"{count} decisions"));
        }));
        return command;
    }

    private static Command Compare()
    {
        Option<string> asset = new("--asset") { HelpName = "ID", Required = true, Description = "Bridge, element, levee or road, such as bridge:B012." };
        Option<string> before = new("--before") { HelpName = "DAYS", Required = true, Description = "The first inspection: 2026-05-11, 2026-05, or 2026-05-01..2026-05-31." };
        Option<string> after = new("--after") { HelpName = "DAYS", Required = true, Description = "The second." };
        Command command = new("compare", "二回の点検を比べます / Compares two inspections of an asset.") { asset, before, after };
        command.SetAction((r, cancel) => RunAsync(r, async server =>
        {
            string query = $"before={Uri.EscapeDataString(r.GetRequiredValue(before))}&after={Uri.EscapeDataString(r.GetRequiredValue(after))}";
            JsonElement comparison = await server.GetAsync($"/api/v1/assets/{Uri.EscapeDataString(r.GetRequiredValue(asset))}/comparison?{query}", cancel).ConfigureAwait(false);
            foreach (JsonElement c in comparison.GetProperty("changes").EnumerateArray())
            {
                string differences = string.Join("  ", c.GetProperty("differences").EnumerateArray().Select(d => string.Create(
                    CultureInfo.InvariantCulture, $"{Text(d, "name")} {Real(d, "before"):0.###} -> {Real(d, "after"):0.###} (±{Real(d, "sigma"):0.###})")));
                string reason = Text(c, "reason") is { } code ? Reason(r, code) : "";
                Console.WriteLine($"{Kind(r, Text(c, "change")!)}  {Text(c, "class")}  {Text(c, "elementId")}  {Text(c, "beforeId") ?? "-"} -> {Text(c, "afterId") ?? "-"}  {differences}  {reason}".TrimEnd());
            }

            Console.WriteLine(string.Join("  ", comparison.GetProperty("counts").EnumerateObject().Select(p => $"{Kind(r, p.Name)} {p.Value}")));
            if (comparison.GetProperty("withoutPlace").GetInt32() is > 0 and var unplaced)
            {
                Console.WriteLine(Say(r, $"位置のない所見 {unplaced} 件は比べられません", $"{unplaced} findings have no place and cannot be compared"));
            }
        }));
        return command;
    }

    private static Command Export()
    {
        Option<string> format = new("--format") { HelpName = "geojson|csv|training", Required = true, Description = "training: pictures, masks and weights of what people decided." };
        format.AcceptOnlyFromAmong("geojson", "csv", "training");
        Option<string> output = new("--out") { HelpName = "FILE|DIR", Required = true, Description = "A file; of training data an empty folder." };
        Command command = new("export", "所見や教師データを書き出します / Writes findings, or decisions as training data.") { format, output };
        command.SetAction(async (r, cancel) =>
        {
            string path = r.GetRequiredValue(output);
            try
            {
                FindingsAdministration findings = FindingsAdministration.Open(r.GetRequiredValue(Data), TimeProvider.System);
                await using (findings.ConfigureAwait(false))
                {
                    Console.WriteLine(r.GetRequiredValue(format) == "training"
                        ? Told(r, await findings.WriteTrainingAsync(path, cancel).ConfigureAwait(false))
                        : Told(r, await WriteAsync(findings, r.GetRequiredValue(format) == "csv", path, r.GetValue(Lang) == "en", cancel).ConfigureAwait(false)));
                }

                return 0;
            }
            catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"field findings: {e.Message}").ConfigureAwait(false);
                return 2;
            }
        });
        return command;
    }

    private static async Task<int> WriteAsync(FindingsAdministration findings, bool isCsv, string path, bool english, CancellationToken cancel)
    {
        FileStream file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            return isCsv
                ? await findings.WriteCsvAsync(file, english, cancel).ConfigureAwait(false)
                : await findings.WriteGeoJsonAsync(file, cancel).ConfigureAwait(false);
        }
    }

    private static string Told(ParseResult result, int count) => Say(result, $"{count} 件を書き出しました", $"{count} findings written");

    private static string Told(ParseResult result, TrainingExportResult written) => Say(
        result,
        $"画像 {written.Images} 枚、正例 {written.Positives} 件、負例 {written.Negatives} 件（写真のないもの {written.PhotosMissing} 枚）。氏名とメモは含みません",
        $"{written.Images} images, {written.Positives} positives, {written.Negatives} negatives ({written.PhotosMissing} photos missing); names and notes are left out");

    private static string Kind(ParseResult result, string kind) => kind switch
    {
        "new" => Say(result, "新規", kind),
        "grown" => Say(result, "進行", kind),
        "unchanged" => Say(result, "変化なし", kind),
        "repaired" => Say(result, "補修済み（案）", "repaired (draft)"),
        _ => Say(result, "再確認できず", "not seen again"),
    };

    private static string Reason(ParseResult result, string code) => code switch
    {
        "not-photographed-before" => Say(result, "前回は撮影していない場所", "the first inspection did not photograph the place"),
        "not-photographed" => Say(result, "今回は場所の全体を鮮明に撮影していない", "the whole place was not photographed well this time"),
        "too-coarse" => Say(result, "今回の写真は前回より粗い", "this time only photographed from farther away"),
        _ => code,
    };

    private static string Line(JsonElement p)
    {
        string degree = Text(p, "degree") ?? (Text(p, "degreeLeast") is { } least ? $"({least}{(least == Text(p, "degreeMost") ? "" : "-" + Text(p, "degreeMost"))})" : "");
        string size = string.Join(' ', new[] { Number(p, "lengthM", "0.00", "m"), Number(p, "maxWidthMm", "0.0", "mm"), Number(p, "areaM2", "0.00", "m2") }.Where(t => t.Length > 0));
        string place = Text(p, "elementId") ?? Text(p, "assetId") ?? "";
        return $"{Text(p, "findingId")}  {Text(p, "status"),-9} {Text(p, "class"),-13} {degree,-5} {Number(p, "urgency", "0", ""),3}  {size}  {place}".TrimEnd();
    }

    private static JsonElement Read(FileInfo file)
    {
        try
        {
            return JsonElement.Parse(File.ReadAllBytes(file.FullName));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new FieldException($"{file.FullName}: {e.Message}", innerException: e);
        }
    }

    private static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.Null ? "-" : value.ToString();

    private static string Number(JsonElement p, string name, string form, string unit) =>
        Real(p, name) is { } number ? number.ToString(form, CultureInfo.InvariantCulture) + unit : "";

    private static double? Real(JsonElement p, string name) => p.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string? Text(JsonElement p, string name) => p.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Path(ParseResult result) => $"/api/v1/findings/{Uri.EscapeDataString(result.GetRequiredValue(Id))}";

    private static string Say(ParseResult result, string ja, string en) => result.GetValue(Lang) == "en" ? en : ja;

    private static Task<int> RunAsync(ParseResult result, Func<RunningServer, Task> work) => ServerCommand.RunAsync(result.GetRequiredValue(Data), server =>
    {
        server.Language = result.GetRequiredValue(Lang);
        return work(server);
    });
}
