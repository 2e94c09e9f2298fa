using System.CommandLine;
using Field.Geo.Routes;

namespace Field.MapApp.Routes;

/// <summary>The options that every kind of route has; one instance for each command.</summary>
internal sealed class RouteOptions
{
    private readonly List<Option> all = [];
    private readonly Option<string> camera;
    private readonly Option<double?> sensorWidth;
    private readonly Option<double?> focal;
    private readonly Option<int?> imageWidth;
    private readonly Option<int?> imageHeight;
    private readonly Option<double?> minInterval;
    private readonly Option<string[]> homes;
    private readonly Option<string[]> noFly;
    private readonly Option<double> front;
    private readonly Option<double> side;
    private readonly Option<double> speed;
    private readonly Option<double> transitSpeed;
    private readonly Option<double> turnRadius;
    private readonly Option<double> sight;
    private readonly Option<double> battery;
    private readonly Option<double> usable;
    private readonly Option<double> maxHeight;
    private readonly Option<string> output;
    private readonly Option<string> language;

    public RouteOptions()
    {
        output = Add(new Option<string>("--out") { HelpName = "DIR", Required = true, Description = "書き出すフォルダ / Folder for flight-NN.kmz, flight-NN.plan, preview.geojson, summary.txt." });
        homes = Add(new Option<string[]>("--home") { HelpName = "LON,LAT[,GROUND]", Description = "離着陸地点（複数可）/ A home point; may be repeated. GROUND: its elevation in m in the profile's datum. None: places are proposed." });
        noFly = Add(new Option<string[]>("--no-fly") { HelpName = "FILE", Description = "飛行禁止区域の GeoJSON / GeoJSON with polygons that nothing may enter." });
        camera = Add(new Option<string>("--camera") { HelpName = "NAME", DefaultValueFactory = _ => "mavic3e", Description = $"カメラ / {string.Join(", ", RouteCamera.Presets.Select(c => c.Name))}." });
        sensorWidth = Add(new Option<double?>("--sensor-width") { HelpName = "MM", Description = "撮像素子の幅 / Width of the sensor, instead of the camera's." });
        focal = Add(new Option<double?>("--focal") { HelpName = "MM", Description = "焦点距離 / Focal length (not the 35 mm equivalent), instead of the camera's." });
        imageWidth = Add(new Option<int?>("--image-width") { HelpName = "PX", Description = "写真の幅 / Columns of a photo, instead of the camera's." });
        imageHeight = Add(new Option<int?>("--image-height") { HelpName = "PX", Description = "写真の高さ / Rows of a photo, instead of the camera's." });
        minInterval = Add(new Option<double?>("--min-interval") { HelpName = "S", Description = "最短撮影間隔 / Shortest time between photos, instead of the camera's." });
        front = Number("--front", "PERCENT", 80, "縦重複率 / Front overlap.");
        side = Number("--side", "PERCENT", 70, "横重複率 / Side overlap, where photos are narrowest.");
        speed = Number("--speed", "M/S", 5, "撮影速度 / Speed on the tracks, up to 15.");
        transitSpeed = Number("--transit-speed", "M/S", 8, "往復の速度 / Speed to the first point and back, up to 15.");
        turnRadius = Number("--turn-radius", "M", 0, "曲がる半径 / Radius of bends inside a track; 0: stop and turn.");
        sight = Number("--sight", "M", 500, "目視範囲 / Farthest distance from the home point.");
        battery = Number("--battery", "MIN", 30, "バッテリーの飛行時間 / Time that a full battery flies.");
        usable = Number("--usable", "PERCENT", 70, "計画に使う割合 / Share of the battery to plan with.");
        maxHeight = Number("--max-height", "M", 150, "高度の上限（航空法 150 m）/ Greatest height above ground; 150 by law, more with a permit.");
        language = Add(new Option<string>("--lang") { HelpName = "ja|en", DefaultValueFactory = _ => "ja", Description = "表示の言語 / Language of the summary and of refusals." });
        language.AcceptOnlyFromAmong("ja", "en");
    }

    public IReadOnlyList<Option> All => all;

    /// <summary>An option with a unit and a default, shown in the help.</summary>
    public Option<double> Number(string name, string unit, double value, string description) =>
        Add(new Option<double>(name) { HelpName = unit, DefaultValueFactory = _ => value, Description = description });

    public T Add<T>(T option)
        where T : Option
    {
        all.Add(option);
        return option;
    }

    /// <summary>Puts what these options say into a request.</summary>
    public T Fill<T>(ParseResult result, T request)
        where T : RouteRequest => request with
        {
            Homes = [.. (result.GetValue(homes) ?? []).Select(RouteInput.Home)],
            NoFly = [.. (result.GetValue(noFly) ?? []).SelectMany(RouteInput.Zones)],
            FrontOverlap = result.GetValue(front) / 100,
            SideOverlap = result.GetValue(side) / 100,
            SpeedMps = result.GetValue(speed),
            TransitSpeedMps = result.GetValue(transitSpeed),
            TurnRadiusM = result.GetValue(turnRadius),
            SightM = result.GetValue(sight),
            BatteryMin = result.GetValue(battery),
            UsableShare = result.GetValue(usable) / 100,
            MaxHeightM = result.GetValue(maxHeight),
        };

    public RouteCamera Camera(ParseResult result)
    {
        string name = result.GetRequiredValue(camera);
        RouteCamera found = RouteCamera.Find(name) ?? throw new RouteInputException(
            $"--camera {name}: このカメラはありません / there is no such camera ({string.Join(", ", RouteCamera.Presets.Select(c => c.Name))})");
        return found with
        {
            SensorWidthMm = result.GetValue(sensorWidth) ?? found.SensorWidthMm,
            FocalMm = result.GetValue(focal) ?? found.FocalMm,
            WidthPx = result.GetValue(imageWidth) ?? found.WidthPx,
            HeightPx = result.GetValue(imageHeight) ?? found.HeightPx,
            MinIntervalS = result.GetValue(minInterval) ?? found.MinIntervalS,
        };
    }

    /// <summary>Plans, writes and prints.</summary>
    /// <returns>0; 1 when the route is refused; 2 when a file or name given cannot be used.</returns>
    public int Run(ParseResult result, Func<RoutePlan> plan)
    {
        try
        {
            RoutePlan planned = plan();
            RouteOutput files = new(result.GetRequiredValue(output), result.GetValue(language) == "ja", TimeProvider.System);
            files.Write(planned);
            TextWriter writer = planned.Refusals.Count > 0 ? result.InvocationConfiguration.Error : result.InvocationConfiguration.Output;
            writer.Write(files.Text(planned));
            return planned.Refusals.Count > 0 ? 1 : 0;
        }
        catch (RouteInputException e)
        {
            result.InvocationConfiguration.Error.WriteLine(e.Message);
            return 2;
        }
    }
}
