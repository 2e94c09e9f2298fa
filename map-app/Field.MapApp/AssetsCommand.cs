using System.CommandLine;
using System.Globalization;
using Field.Gdal;
using Field.Ingest;
using Field.Ingest.Assets;
using Field.Ingest.Import;
using Field.Store;

namespace Field.MapApp;

/// <summary><c>assets import | list | show | export | link</c>: what is inspected, whether the server runs or not.</summary>
internal static class AssetsCommand
{
    private static readonly string[] FieldOptions = ["id", "name", "parent", "river", "bank", "km", "start-km", "end-km", "x", "y"];

    public static Command Create()
    {
        Option<string> data = ServerCommand.DataOption();
        return new Command("assets", "Bridges, their elements, levees, distance marks and roads.") { data, Import(data), List(data), Show(data), Export(data), Link(data) };
    }

    private static Command Import(Option<string> data)
    {
        Argument<FileInfo> file = new("FILE") { Description = ".geojson .gpkg .shp .csv" };
        Option<string> kind = new("--kind") { Required = true, HelpName = "bridge|element|levee|mark|road" };
        kind.AcceptOnlyFromAmong("bridge", "element", "levee", "mark", "road");
        Option<int?> crs = new("--crs") { HelpName = "EPSG", Description = "System of the coordinates, when the file does not say it: 6668, 6669-6687, 4612, 2443-2461, 4326." };
        Option<string?> encoding = new("--encoding") { HelpName = "UTF-8|Shift_JIS", Description = "Encoding of the text, when the file does not say it." };
        Option<string?> layer = new("--layer") { HelpName = "NAME", Description = "Layer of a GeoPackage." };
        Option<bool> skip = new("--skip-errors") { Description = "Import the rows that are right although others are not." };
        Dictionary<string, Option<string?>> fields = FieldOptions
            .ToDictionary(n => n, n => new Option<string?>($"--{n}") { HelpName = "FIELD", Description = $"Attribute that holds the {n}; default the usual names." });
        Command command = new("import", "台帳を取り込みます / Imports a ledger; importing again replaces by kind and id.") { file, kind, crs, encoding, layer, skip };
        foreach (Option<string?> option in fields.Values)
        {
            command.Add(option);
        }

        command.SetAction((r, cancel) => RunAsync(r.GetValue(data)!, async assets =>
        {
            AssetImportOptions options = new()
            {
                Path = r.GetValue(file)!.FullName,
                Kind = r.GetValue(kind)!,
                Crs = r.GetValue(crs),
                Vector = new VectorOptions { Encoding = r.GetValue(encoding), Layer = r.GetValue(layer), EastColumn = r.GetValue(fields["x"]), NorthColumn = r.GetValue(fields["y"]) },
                IdField = r.GetValue(fields["id"]),
                NameField = r.GetValue(fields["name"]),
                ParentField = r.GetValue(fields["parent"]),
                RiverField = r.GetValue(fields["river"]),
                BankField = r.GetValue(fields["bank"]),
                KmField = r.GetValue(fields["km"]),
                StartKmField = r.GetValue(fields["start-km"]),
                EndKmField = r.GetValue(fields["end-km"]),
                SkipErrors = r.GetValue(skip),
            };
            return Print(await assets.ImportAsync(options, new Rows(), cancel).ConfigureAwait(false), options.SkipErrors);
        }));
        return command;
    }

    private static Command List(Option<string> data)
    {
        Option<string?> kind = new("--kind") { HelpName = "KIND", Description = "Only this kind." };
        Command command = new("list", "一覧 / Lists assets.") { kind };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(data)!, async assets =>
        {
            IReadOnlyList<Feature> list = await assets.ListAsync(r.GetValue(kind), cancel).ConfigureAwait(false);
            foreach (Feature a in list)
            {
                string place = a.Geometry is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{a.Geometry.EnvelopeInternal.Centre.X:0.00000},{a.Geometry.EnvelopeInternal.Centre.Y:0.00000}");
                Console.WriteLine(string.Join("  ", new[] { a.Id, a.Text("name"), a.Text("river"), a.Text("bank"), a.Real("km") is { } km ? string.Create(CultureInfo.InvariantCulture, $"{km}k") : null, place }.Where(t => !string.IsNullOrEmpty(t))));
            }

            Console.WriteLine($"{list.Count} 件 / assets");
            return 0;
        }));
        return command;
    }

    private static Command Show(Option<string> data)
    {
        Argument<string> id = new("ID") { Description = "Such as bridge:B012 or element:B012/Mg0101." };
        Command command = new("show", "一件の内容 / Shows an asset with the ledger's attributes.") { id };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(data)!, async assets =>
        {
            if (await assets.FindAsync(r.GetValue(id)!, cancel).ConfigureAwait(false) is not { } asset)
            {
                await Console.Error.WriteLineAsync("ありません / no such asset").ConfigureAwait(false);
                return 1;
            }

            foreach (Column column in asset.Table.Columns.Where(c => asset.Properties.GetValueOrDefault(c.Name) is not null))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{column.Name,-12} {asset.Properties[column.Name]}"));
            }

            Console.WriteLine($"{"geometry",-12} {asset.Geometry?.AsText() ?? "-"}");
            return 0;
        }));
        return command;
    }

    private static Command Export(Option<string> data)
    {
        Option<string?> kind = new("--kind") { HelpName = "KIND", Description = "Only this kind." };
        Option<FileInfo?> output = new("--out") { HelpName = "FILE", Description = "GeoJSON file; default standard output." };
        Command command = new("export", "GeoJSON に書き出します / Writes assets as GeoJSON.") { kind, output };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(data)!, async assets =>
        {
            Stream stream = r.GetValue(output) is { } file ? file.Create() : Console.OpenStandardOutput();
            await using (stream.ConfigureAwait(false))
            {
                await assets.ExportAsync(stream, r.GetValue(kind), cancel).ConfigureAwait(false);
            }

            return 0;
        }));
        return command;
    }

    private static Command Link(Option<string> data)
    {
        Option<double> limit = new("--limit") { HelpName = "M", Description = "Assets farther from a finding are not considered, metres.", DefaultValueFactory = _ => IngestOptions.DefaultAssetLimitM };
        Command command = new("link", "取り込み後に変状を資産へ結び直します / Links stored findings to the assets as they stand now.") { limit };
        command.SetAction((r, cancel) => RunAsync(r.GetValue(data)!, async assets =>
        {
            (long findings, long changed, IReadOnlyDictionary<string, long> reasons) = await assets.LinkAsync(r.GetValue(limit), cancel).ConfigureAwait(false);
            foreach ((string reason, long count) in reasons.OrderByDescending(p => p.Value))
            {
                Console.WriteLine($"{count,8}  {(reason.Length == 0 ? "結び付け済み / linked" : $"{AssetLinkText.Of(reason, japanese: true)} / {AssetLinkText.Of(reason, japanese: false)} [{reason}]")}");
            }

            Console.WriteLine($"{findings,8}  件中 {changed} 件を更新 / findings, {changed} changed");
            return 0;
        }));
        return command;
    }

    private static int Print(AssetImportResult result, bool skipsErrors)
    {
        foreach (ImportNote note in result.Faults)
        {
            Console.Error.WriteLine($"NG  {Text(note)}");
        }

        foreach (ImportNote note in result.Warnings)
        {
            Console.Error.WriteLine($"注意 / note  {Text(note)}");
        }

        bool isRefused = result.Faults.Count > 0 && !skipsErrors;
        Console.WriteLine(isRefused
            ? $"{result.Faults.Count} 件の誤りがあるため取り込みませんでした / nothing imported: {result.Faults.Count} errors"
            : $"{result.Rows} 行: {result.Imported} 件取り込み、{result.Unchanged} 件変更なし、{result.Faults.Count} 件除外 / {result.Rows} rows: {result.Imported} imported, {result.Unchanged} unchanged, {result.Faults.Count} left out");
        return isRefused ? 1 : 0;
    }

    private static string Text(ImportNote note)
    {
        string where = (note.Row > 0 ? $"{note.Row} 行目 / row {note.Row} " : "") + (note.Field is { } field ? $"[{field}] " : "");
        return note.Ja == note.En ? where + note.Ja : $"{where}{note.Ja} / {note.En}";
    }

    private static async Task<int> RunAsync(string dataDirectory, Func<AssetAdministration, Task<int>> work)
    {
        try
        {
            AssetAdministration assets = AssetAdministration.Open(dataDirectory, TimeProvider.System);
            await using (assets.ConfigureAwait(false))
            {
                return await work(assets).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"field assets: {e.Message}").ConfigureAwait(false);
            return 2;
        }
    }

    /// <summary>A line on standard error for every 5,000 rows.</summary>
    private sealed class Rows : IProgress<(long Done, long Total)>
    {
        private const int Every = 5000;

        public void Report((long Done, long Total) value)
        {
            if (value.Done % Every == 0)
            {
                Console.Error.WriteLine($"{value.Done} / {value.Total} 行 / rows");
            }
        }
    }
}
