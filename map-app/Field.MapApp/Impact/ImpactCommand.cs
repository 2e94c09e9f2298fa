using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Field.Gdal;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary><c>impact</c>: who lives in the hazard, from files. Needs no server and no network.</summary>
internal sealed class ImpactCommand
{
    /// <summary>What was given cannot be used.</summary>
    public const int BadInput = 2;

    private readonly Option<FileInfo> residents = new("--residents") { HelpName = "FILE", Required = true, Description = "住民の CSV（lon,lat と、あれば people,age65,needsSupport,household または日本語の列名）/ CSV of residents." };
    private readonly Option<string[]> hazard = new("--hazard") { HelpName = "FILE|FOLDER", Required = true, AllowMultipleArgumentsPerToken = true, Description = "浸水想定区域。いくつでも、最も深い階級を採る / Hazard layers; the deepest counts." };
    private readonly Option<string[]> compare = new("--compare") { HelpName = "FILE|FOLDER", AllowMultipleArgumentsPerToken = true, Description = "比べる旧図 / The older map: who is newly affected." };
    private readonly Option<string?> match = new("--match") { HelpName = "TEXT", Description = "フォルダでは名前にこれを含むファイルだけ / Of folders only files whose name holds this." };
    private readonly Option<string[]> layer = new("--layer") { HelpName = "NAME", Description = "GeoPackage・KML のレイヤー（フォルダー）。浸水想定区域の既定はすべて / Layer (folder) of a GeoPackage or KML; may be repeated. Default for hazards: all." };
    private readonly Option<string?> rank = new("--rank-field") { HelpName = "FIELD,...", Description = "階級の列。複数ならファイルにある最初のもの。既定 Max_Rank、A31a_205 など / Field of the class; of several the first that a file has." };
    private readonly Option<string?> by = new("--by") { HelpName = "FILE", Description = "町内会などの区域 / Areas, such as neighbourhood associations." };
    private readonly Option<string?> byId = new("--by-id") { HelpName = "FIELD", Description = "区域の ID の列。重なる所は小さい ID / Field of the id; the lowest counts where areas overlap." };
    private readonly Option<string?> byName = new("--by-name") { HelpName = "FIELD", Description = "区域の名前の列 / Field of the name." };
    private readonly Option<string?> own = new("--own") { HelpName = "FILE", Description = "自分で描いた範囲 / Own polygons; they may overlap." };
    private readonly Option<string?> near = new("--near") { HelpName = "FILE", Description = "店・郵便局などの場所。誰が圏外か / Places: who has none within the distance." };
    private readonly Option<double> within = new("--within") { HelpName = "M", DefaultValueFactory = _ => 300, Description = "その距離 / The distance, metres." };
    private readonly Option<string?> mesh = new("--mesh") { HelpName = "1km|500m|250m|125m", Description = "標準地域メッシュ別 / By standard mesh." };
    private readonly Option<int> least = new("--at-least") { HelpName = "CLASS", DefaultValueFactory = _ => 1, Description = "この階級から数える（2 は 0.5m 以上）/ The class that counts as affected." };
    private readonly Option<int> minCell = new("--min-cell") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "これ未満の数を隠す（公表は 5）/ Hide counts under this; 5 for publication." };
    private readonly Option<int?> crs = new("--crs") { HelpName = "EPSG", Description = "座標系の書かれていないファイルの系 / System of files that name none." };
    private readonly Option<string?> encoding = new("--encoding") { HelpName = "UTF-8|Shift_JIS", Description = "文字コードの書かれていないファイルの文字コード / Encoding of files that do not say it." };
    private readonly Option<string?> title = new("--title") { HelpName = "TEXT", Description = "想定の名前 / Name of the scenario." };
    private readonly Option<string> format = new("--format") { HelpName = "table|csv|geojson|xlsx", DefaultValueFactory = _ => "table", Description = "形式 / Format." };
    private readonly Option<string> table = new("--table") { HelpName = "area|mesh|own|source|change|near", DefaultValueFactory = _ => "", Description = "csv と geojson に書く表 / Which table csv and geojson hold." };
    private readonly Option<FileInfo?> output = new("--out") { HelpName = "FILE", Description = "書き出すファイル / File; default standard output." };
    private readonly Option<string> language = new("--lang") { HelpName = "ja|en", DefaultValueFactory = _ => "ja", Description = "言語 / Language." };
    private readonly Option<bool> timing = new("--timing") { Description = "所要時間を標準エラーに / Tell the times on standard error." };

    private ImpactCommand()
    {
        language.AcceptOnlyFromAmong("ja", "en");
        format.AcceptOnlyFromAmong("table", "csv", "geojson", "xlsx");
        mesh.AcceptOnlyFromAmong("1km", "500m", "250m", "125m");
    }

    public static Command Create()
    {
        ImpactCommand own = new();
        Command command = new("impact", "浸水想定区域に誰が住んでいるか。町内会・メッシュ別、新旧比較 / Who lives in the hazard, by association, mesh and class.")
        {
            own.residents, own.hazard, own.compare, own.match, own.layer, own.rank, own.by, own.byId, own.byName, own.own, own.near, own.within, own.mesh, own.least, own.minCell,
            own.crs, own.encoding, own.title, own.format, own.table, own.output, own.language, own.timing,
        };
        command.SetAction(own.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool isJapanese = parsed.GetValue(language) == "ja";
        TextWriter error = parsed.InvocationConfiguration.Error;
        try
        {
            ImpactRequest request = Request(parsed);
            ImpactResult result = ImpactRun.Run(request);
            Warn(request.Residents, result, isJapanese, error);
            Write(parsed, request, result, isJapanese);
            if (parsed.GetValue(timing))
            {
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"load {result.LoadS:0.000} s, query {result.QueryS:0.000} s, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
            }

            return 0;
        }
        catch (ImpactException e)
        {
            error.WriteLine($"field impact: {e.Text(isJapanese)}");
            return BadInput;
        }
        catch (Exception e) when (e is GdalException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"field impact: {e.Message}");
            return BadInput;
        }
    }

    private ImpactRequest Request(ParseResult parsed)
    {
        int from = parsed.GetValue(least), limit = parsed.GetValue(minCell);
        double metres = parsed.GetValue(within);
        return from is < 1 or > ImpactQuery.MaxClass
            ? throw new ImpactException($"--at-least は 1 から {ImpactQuery.MaxClass} です", $"--at-least: from 1 to {ImpactQuery.MaxClass}")
            : limit is < 1 or > 1000
            ? throw new ImpactException("--min-cell は 1 から 1000 です", "--min-cell: from 1 to 1000")
            : !(metres is >= 1 and <= 20_000)
            ? throw new ImpactException("--within は 1 から 20000 m です", "--within: from 1 to 20000 m")
            : new ImpactRequest
            {
                Residents = parsed.GetValue(residents)!.FullName,
                Hazards = parsed.GetValue(hazard)!,
                Older = parsed.GetValue(compare) ?? [],
                Match = parsed.GetValue(match),
                Layers = parsed.GetValue(layer) ?? [],
                RankField = parsed.GetValue(rank),
                By = parsed.GetValue(by),
                ById = parsed.GetValue(byId),
                ByName = parsed.GetValue(byName),
                Own = parsed.GetValue(own),
                Near = parsed.GetValue(near),
                WithinM = metres,
                MeshDigits = parsed.GetValue(mesh) switch { "1km" => 8, "500m" => 9, "250m" => 10, "125m" => 11, _ => null },
                Crs = parsed.GetValue(crs),
                Encoding = parsed.GetValue(encoding),
                LeastClass = from,
                MinCell = limit,
                Title = parsed.GetValue(title),
            };
    }

    private void Write(ParseResult parsed, ImpactRequest request, ImpactResult result, bool isJapanese)
    {
        ImpactOutput outputs = new(result, request, isJapanese);
        string key = parsed.GetValue(table)!;
        string sentence = string.Join(Environment.NewLine, [ImpactText.Sentence(result, request, isJapanese), .. ImpactText.More(result, request, isJapanese)]);
        byte[] content = parsed.GetValue(format) switch
        {
            "csv" => outputs.Csv(key),
            "geojson" => outputs.GeoJsonOf(key),
            "xlsx" => outputs.Xlsx(TimeProvider.System.GetLocalNow()),
            _ => Encoding.UTF8.GetBytes($"{sentence}{Environment.NewLine}{outputs.Table()}"),
        };
        if (parsed.GetValue(output) is { } file)
        {
            WriteFile(file.FullName, content);
            parsed.InvocationConfiguration.Output.WriteLine(sentence);
            parsed.InvocationConfiguration.Output.WriteLine(file.FullName);
        }
        else if (parsed.GetValue(format) == "xlsx")
        {
            throw new ImpactException("xlsx は --out FILE に書きます", "xlsx needs --out FILE");
        }
        else
        {
            parsed.InvocationConfiguration.Output.Write(Encoding.UTF8.GetString(content));
        }
    }

    /// <summary>Whole or not at all, and for its owner only: it may tell of few people.</summary>
    private static void WriteFile(string path, byte[] content)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            }

            using (FileStream file = new(temporary, options))
            {
                file.Write(content);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Warn(string residentsPath, ImpactResult result, bool isJapanese, TextWriter error)
    {
        foreach (ImpactNote note in result.Notes)
        {
            error.WriteLine(isJapanese ? $"注意  {note.Ja}" : $"note  {note.En}");
        }

        if (!OperatingSystem.IsWindows() && !result.Residents.IsSynthetic && (File.GetUnixFileMode(residentsPath) & UnixFileMode.OtherRead) != 0)
        {
            error.WriteLine(isJapanese
                ? $"注意  住民のファイルを誰でも読めます。chmod 640 '{residentsPath}' を実行してください"
                : $"note  anybody on this machine can read the residents: run chmod 640 '{residentsPath}'");
        }
    }
}
