using Field.Geo;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Routes;

/// <summary>What a route is planned with besides its line, from the command's options or from the API's JSON.</summary>
/// <param name="Numbers">By name (<see cref="RouteNumber.Name"/>); the others have their defaults.</param>
internal sealed record RouteValues(IReadOnlyDictionary<string, double> Numbers)
{
    public RouteCamera Camera { get; init; } = RouteCamera.Presets[0];

    public IReadOnlyList<RouteHome> Homes { get; init; } = [];

    public IReadOnlyList<NoFlyZone> NoFly { get; init; } = [];

    public LeveeRouteRequest Levee(IReadOnlyList<LonLat> line, IReadOnlyList<GroundSample> ground) => Shared(new LeveeRouteRequest
    {
        Camera = CameraAsGiven(),
        Line = line,
        Ground = ground,
        HeightM = Of(RouteNumbers.Levee, "height"),
        WidthM = Of(RouteNumbers.Levee, "width"),
        OffsetM = Of(RouteNumbers.Levee, "offset"),
        GimbalPitchDeg = Of(RouteNumbers.Levee, "pitch"),
        MaxClimbDeg = Of(RouteNumbers.Levee, "max-climb"),
    });

    public BridgeRouteRequest Bridge(IReadOnlyList<LonLat> axis, Polygon outline, bool beside, bool under) => Shared(new BridgeRouteRequest
    {
        Camera = CameraAsGiven(),
        Axis = axis,
        Outline = outline,
        TopM = Of(RouteNumbers.Bridge, "top"),
        UndersideM = Of(RouteNumbers.Bridge, "underside"),
        WaterM = Of(RouteNumbers.Bridge, "water"),
        BottomM = Numbers.TryGetValue("bottom", out double bottom) ? bottom : null,
        StandOffM = Of(RouteNumbers.Bridge, "stand-off"),
        MarginM = Of(RouteNumbers.Bridge, "margin"),
        WaterClearanceM = Of(RouteNumbers.Bridge, "water-clearance"),
        GimbalPitchDeg = Of(RouteNumbers.Bridge, "pitch"),
        MaxGimbalUpDeg = Of(RouteNumbers.Bridge, "max-up"),
        Beside = beside,
        Under = under,
    });

    private T Shared<T>(T request)
        where T : RouteRequest => request with
        {
            Homes = Homes,
            NoFly = NoFly,
            FrontOverlap = Of(RouteNumbers.Shared, "front") / 100,
            SideOverlap = Of(RouteNumbers.Shared, "side") / 100,
            SpeedMps = Of(RouteNumbers.Shared, "speed"),
            TransitSpeedMps = Of(RouteNumbers.Shared, "transit-speed"),
            TurnRadiusM = Of(RouteNumbers.Shared, "turn-radius"),
            SightM = Of(RouteNumbers.Shared, "sight"),
            BatteryMin = Of(RouteNumbers.Shared, "battery"),
            UsableShare = Of(RouteNumbers.Shared, "usable") / 100,
            MaxHeightM = Of(RouteNumbers.Shared, "max-height"),
        };

    private RouteCamera CameraAsGiven() => Camera with
    {
        SensorWidthMm = Numbers.GetValueOrDefault("sensor-width", Camera.SensorWidthMm),
        FocalMm = Numbers.GetValueOrDefault("focal", Camera.FocalMm),
        WidthPx = Whole(Numbers.GetValueOrDefault("image-width", Camera.WidthPx)),
        HeightPx = Whole(Numbers.GetValueOrDefault("image-height", Camera.HeightPx)),
        MinIntervalS = Numbers.GetValueOrDefault("min-interval", Camera.MinIntervalS),
    };

    /// <summary>Values far outside the range, which the planner refuses, stay outside it.</summary>
    private static int Whole(double value) => (int)Math.Clamp(Math.Round(value), int.MinValue, int.MaxValue);

    private double Of(IReadOnlyList<RouteNumber> table, string name) =>
        Numbers.TryGetValue(name, out double given) ? given : table.First(n => n.Name == name).Default!.Value;
}
