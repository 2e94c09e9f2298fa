using System.CommandLine;
using System.Globalization;
using Field.Geo.Routes;
using Field.Store;

namespace Field.MapApp.Routes;

/// <summary>The options of a kind of route; one instance for each command.</summary>
internal sealed class RouteOptions
{
    private readonly List<Option> all = [];
    private readonly Dictionary<string, Option<double?>> numbers = [];
    private readonly Option<string> camera;
    private readonly Option<string[]> homes;
    private readonly Option<string[]> noFly;
    private readonly Option<string> data;
    private readonly Option<string> output;
    private readonly Option<string> language;

    /// <param name="table">The numbers that only this kind of route has.</param>
    public RouteOptions(IReadOnlyList<RouteNumber> table)
    {
        output = Add(new Option<string>("--out") { HelpName = "DIR", Required = true, Description = "書き出すフォルダ / Folder for flight-NN.kmz, flight-NN.plan, preview.geojson, summary.txt." });
        homes = Add(new Option<string[]>("--home") { HelpName = "LON,LAT[,GROUND]", Description = "離着陸地点（複数可）/ A home point; may be repeated. GROUND: its elevation in m in the profile's datum. None: places are proposed." });
        noFly = Add(new Option<string[]>("--no-fly") { HelpName = "FILE", Description = "飛行禁止区域の GeoJSON / GeoJSON with polygons that nothing may enter." });
        data = Add(ServerCommand.DataOption());
        data.Description = "データフォルダー。そこに登録した飛行禁止区域も避けます / Data folder; the no-fly areas kept there are avoided too.";
        camera = Add(new Option<string>("--camera") { HelpName = "NAME", DefaultValueFactory = _ => RouteCamera.Presets[0].Name, Description = $"カメラ / {string.Join(", ", RouteCamera.Presets.Select(c => c.Name))}." });
        foreach (RouteNumber number in table.Concat(RouteNumbers.Shared))
        {
            numbers[number.Name] = Add(Number(number));
        }

        language = Add(new Option<string>("--lang") { HelpName = "ja|en", DefaultValueFactory = _ => "ja", Description = "表示の言語 / Language of the summary and of refusals." });
        language.AcceptOnlyFromAmong("ja", "en");
    }

    public IReadOnlyList<Option> All => all;

    public T Add<T>(T option)
        where T : Option
    {
        all.Add(option);
        return option;
    }

    /// <summary>What the options say.</summary>
    public RouteValues Values(ParseResult result)
    {
        string name = result.GetRequiredValue(camera);
        return new RouteValues(numbers.Where(n => result.GetValue(n.Value) is not null).ToDictionary(n => n.Key, n => result.GetValue(n.Value)!.Value))
        {
            Camera = RouteCamera.Find(name) ?? throw new RouteInputException(
                $"--camera {name}", RouteInputFault.NoSuchCamera(string.Join(", ", RouteCamera.Presets.Select(c => c.Name)))),
            Homes = [.. (result.GetValue(homes) ?? []).Select(RouteInput.Home)],
            NoFly = [.. (result.GetValue(noFly) ?? []).SelectMany(RouteInput.Zones)],
        };
    }

    /// <summary>Plans, writes and prints.</summary>
    /// <returns>0; 1 when the route is refused; 2 when a file or name given cannot be used.</returns>
    public async Task<int> RunAsync(ParseResult result, Func<RouteValues, RouteRequest> request, CancellationToken cancel)
    {
        try
        {
            RouteRequest asked = await WithKeptAsync(request(Values(result)), result.GetRequiredValue(data), cancel).ConfigureAwait(false);
            RoutePlan planned = RouteDesk.PlanOf(asked, cancel);
            RouteFiles files = new(result.GetValue(language) == "ja", TimeProvider.System);
            files.Write(planned, result.GetRequiredValue(output));
            TextWriter writer = planned.Refusals.Count > 0 ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
            await writer.WriteAsync(files.Text(planned)).ConfigureAwait(false);
            return planned.Refusals.Count > 0 ? 1 : 0;
        }
        catch (RouteInputException e)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(e.Text(result.GetValue(language) == "ja")).ConfigureAwait(false);
            return 2;
        }
        catch (FieldException e)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 2;
        }
    }

    /// <summary>Beside a running server or without one; a laptop in the field may have no data folder at all.</summary>
    private static async Task<RouteRequest> WithKeptAsync(RouteRequest request, string folder, CancellationToken cancel)
    {
        if (!Directory.Exists(folder))
        {
            return request;
        }

        IFeatureStore store = StoreUris.Under(folder).OpenFeatures(TimeProvider.System);
        await using (store.ConfigureAwait(false))
        {
            return await KeptNoFly.AddAsync(request, store, TimeProvider.System, cancel).ConfigureAwait(false);
        }
    }

    private static Option<double?> Number(RouteNumber number)
    {
        string ja = number.HintJa.Length > 0 ? $"{number.Ja}（{number.HintJa}）" : number.Ja;
        string en = number.HintEn.Length > 0 ? $"{number.En} ({number.HintEn})" : number.En;
        Option<double?> option = new($"--{number.Name}") { HelpName = number.Unit.ToUpper(CultureInfo.InvariantCulture), Required = number.IsRequired, Description = $"{ja} / {en}." };
        if (number.Default is { } value)
        {
            option.DefaultValueFactory = _ => value;
        }

        return option;
    }
}
