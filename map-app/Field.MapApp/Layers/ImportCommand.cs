using System.CommandLine;
using Field.Gdal;
using Field.Ingest.Import;
using Field.Ingest.Layers;

namespace Field.MapApp.Layers;

/// <summary><c>import FILE...</c>: map layers in. Asks nothing; what is missing is said with the option that gives it.</summary>
internal static class ImportCommand
{
    private static readonly Option<string> Data = ServerCommand.DataOption();
    private static readonly Argument<string[]> Files = new("FILE") { Arity = ArgumentArity.OneOrMore, Description = ".geojson .json .gpkg .shp .kml .kmz .csv, or a folder of them." };
    private static readonly Option<int?> Crs = new("--crs") { HelpName = "EPSG", Description = "座標系 / System of the coordinates, when the file does not say it; of a folder for those files only: 6668, 6669-6687, 4612, 2443-2461, 4326." };
    private static readonly Option<bool> Quiet = new("--quiet") { Description = "Only one line for each file." };
    private static readonly Dictionary<string, Option<string?>> Texts = new Option<string?>[]
    {
        new("--title") { HelpName = "TEXT", Description = "名前 / Name on the map; default the file's." },
        new("--id") { HelpName = "ID", Description = "Replaces this layer, whatever file it came from." },
        new("--kind") { HelpName = string.Join('|', LayerKind.All), Description = "種類 / What it is about; default that of the preset." },
        new("--data-class") { HelpName = string.Join('|', LayerDataClass.All), Description = "公開の範囲 / Who may see it; default internal." },
        new("--source") { HelpName = "TEXT", Description = "出典 / Who made the data." },
        new("--source-date") { HelpName = "yyyy-MM-dd", Description = "データの時点 / The day that it tells of." },
        new("--licence") { HelpName = "TEXT", Description = "ライセンス / Under which licence." },
        new("--attribution") { HelpName = "TEXT", Description = "表示する出典 / What must stand beside it." },
        new("--preset") { HelpName = string.Join('|', LayerPresets.All.Select(p => p.Name)), Description = "凡例 / Official classes." },
        new("--class-field") { HelpName = "FIELD", Description = "区分の項目 / Attribute that holds the class; without a preset the legend is made from its values." },
        new("--class-value") { HelpName = "CLASS", Description = "全体の区分 / The class of all rows, when no attribute holds it." },
        new("--class-table") { HelpName = "FILE", Description = "自作の凡例 / Own classes as JSON: {\"field\": .., \"classes\": [{\"key\", \"values\", \"rank\", \"ja\", \"en\", \"colour\", \"pattern\"}]}." },
        new("--label-field") { HelpName = "FIELD", Description = "地物の名前の項目 / Attribute that names a feature." },
        new("--layer") { HelpName = "NAME", Description = "Layer of a GeoPackage or KML; default all." },
        new("--encoding") { HelpName = "UTF-8|Shift_JIS", Description = "文字コード / Encoding of the text, when the file does not say it." },
        new("--x") { HelpName = "FIELD", Description = "Tables: column of the longitude or east." },
        new("--y") { HelpName = "FIELD", Description = "Tables: column of the latitude or north." },
        new("--mesh-field") { HelpName = "FIELD", Description = "Tables: column of the mesh code (JIS X 0410, 4 to 11 digits); a table without headings has field_1, field_2 ..." },
        new("--withdrawn") { HelpName = "yyyy-MM-dd", Description = "公開が取り下げられた日 / The publisher has withdrawn it since this day; the map says so." },
        new("--withdrawn-reason") { HelpName = "TEXT", Description = "取り下げの理由 / What the publisher said." },
    }.ToDictionary(o => o.Name);

    public static Command Create()
    {
        Command command = new("import", "地図のレイヤーを取り込みます / Imports map layers; importing again replaces.") { Data, Files, Crs, Quiet };
        foreach (Option<string?> option in Texts.Values)
        {
            command.Add(option);
        }

        command.SetAction((r, cancel) => LayersCommand.RunAsync(r.GetValue(Data)!, desk => RunAsync(r, desk, cancel)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult r, LayerDesk desk, CancellationToken cancel)
    {
        (int imported, int refused, int skipped) = (0, 0, 0);
        string[] given = r.GetValue(Files)!;
        foreach ((string path, string? folder) in given.SelectMany(Found))
        {
            foreach (LayerImportOptions options in Layers(r, path, folder))
            {
                Outcome outcome = await ImportAsync(options, desk, isOneOfMany: folder is not null, r.GetValue(Quiet), cancel).ConfigureAwait(false);
                imported += outcome == Outcome.Imported ? 1 : 0;
                refused += outcome == Outcome.Refused ? 1 : 0;
                skipped += outcome == Outcome.Skipped ? 1 : 0;
            }
        }

        Console.WriteLine($"{imported} 件のレイヤー、取り込めなかったもの {refused} 件、位置のない表 {skipped} 件 / {imported} layers, {refused} not imported, {skipped} tables without a place");
        return refused > 0 || imported == 0 ? 1 : 0;
    }

    /// <summary>A file as it is; of a folder all that may be layers.</summary>
    private static IEnumerable<(string Path, string? Folder)> Found(string given) => Directory.Exists(given)
        ? Directory.EnumerateFiles(given, "*", SearchOption.AllDirectories)
            .Where(f => VectorFiles.Extensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal).Select(f => (f, (string?)given))
        : [(given, null)];

    /// <summary>One for each layer of the file; a file that cannot be opened says so when it is imported.</summary>
    private static IEnumerable<LayerImportOptions> Layers(ParseResult r, string path, string? folder)
    {
        string? Text(string name) => r.GetValue(Texts[name]);
        string? table = Text("--class-table");
        LayerImportOptions options = new()
        {
            Path = path,
            Layer = Text("--layer"),
            Id = Text("--id"),
            Title = Text("--title"),
            Kind = Text("--kind"),
            DataClass = Text("--data-class") ?? LayerDataClass.Internal,
            Source = Text("--source"),
            SourceDate = Text("--source-date"),
            Licence = Text("--licence"),
            Attribution = Text("--attribution"),
            Crs = r.GetValue(Crs),
            CrsIfUnknown = folder is not null,
            Encoding = Text("--encoding"),
            ClassField = Text("--class-field"),
            Preset = Text("--preset"),
            ClassValue = Text("--class-value"),
            ClassTable = table is null ? null : File.ReadAllText(table),
            LabelField = Text("--label-field"),
            EastColumn = Text("--x"),
            NorthColumn = Text("--y"),
            MeshField = Text("--mesh-field"),
            WithdrawnOn = Text("--withdrawn"),
            WithdrawnReason = Text("--withdrawn-reason"),
        };
        return options.Layer is not null ? [options] : LayerFiles.Each(options);
    }

    private static async Task<Outcome> ImportAsync(LayerImportOptions options, LayerDesk desk, bool isOneOfMany, bool quiet, CancellationToken cancel)
    {
        string name = Path.GetFileName(options.Path) + (options.Layer is { } layer ? $" [{layer}]" : "");
        try
        {
            LayerImportResult result = await desk.ImportAsync(options, $"user:{Environment.UserName}", quiet ? null : new Rows(name), cancel).ConfigureAwait(false);
            if (isOneOfMany && result.IsTableWithoutPlace)
            {
                return Outcome.Skipped; // lists of field names and the like lie beside the layers of a folder
            }

            foreach (ImportNote note in result.Faults)
            {
                await Console.Error.WriteLineAsync($"NG  {name}: {LayersCommand.Text(note)}").ConfigureAwait(false);
            }

            foreach (ImportNote note in quiet ? [] : result.Notes)
            {
                await Console.Error.WriteLineAsync($"注意 / note  {name}: {LayersCommand.Text(note)}").ConfigureAwait(false);
            }

            if (result.Layer is not { } done)
            {
                return Outcome.Refused;
            }

            string how = result.IsUnchanged ? "変更なし / unchanged" : $"{done.FeatureCount} 件（直した面 {done.RepairedCount}、取り込めない行 {done.RefusedCount}） / {done.FeatureCount} features, {done.RepairedCount} repaired, {done.RefusedCount} rows refused";
            Console.WriteLine($"{done.Id}  {done.Title}  {how}");
            return Outcome.Imported;
        }
        catch (FieldException e) when (isOneOfMany && !e.IsTransient)
        {
            await Console.Error.WriteLineAsync($"NG  {e.Message}").ConfigureAwait(false);
            return Outcome.Refused;
        }
    }

    private enum Outcome
    {
        Imported,
        Refused,
        Skipped,
    }

    /// <summary>A line on standard error for every 5,000 rows.</summary>
    private sealed class Rows(string name) : IProgress<LayerProgress>
    {
        private const int Every = 5000;

        public void Report(LayerProgress value)
        {
            if (value.Rows % Every == 0)
            {
                Console.Error.WriteLine($"{name}: {value.Rows} / {value.Total} 行 / rows");
            }
        }
    }
}
