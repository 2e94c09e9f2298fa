namespace Field.Geo.Routes;

/// <summary>What can be refused before anything is planned.</summary>
internal static class RouteChecks
{
    internal const double ShortestLineM = 10;
    internal const double LongestLineM = 20_000;

    /// <summary>Twenty kilometres in three tracks with 80 % overlap from 50 m have 7,000.</summary>
    private const double MostPhotos = 10_000;

    internal const string HomeGround = "home-ground";

    private const double MostWaypoints = 50_000;

    /// <summary>Checks the numbers of a levee's route.</summary>
    /// <returns>False when nothing can be planned with them.</returns>
    internal static bool Levee(LeveeRouteRequest request, RefusalList refusals)
    {
        Common(request, refusals);
        refusals.Range("offset m", request.OffsetM, -500, 500);
        refusals.Range("width m", request.WidthM, 1, 500);
        refusals.Range("height m", request.HeightM, 2, 2000);
        refusals.Range("pitch deg", request.GimbalPitchDeg, -90, -15);
        refusals.Range("max-climb deg", request.MaxClimbDeg, 0, 60);
        if (!new GroundProfile(request.Ground).IsValid)
        {
            refusals.Add(RouteRefusalCodes.Profile);
        }

        if (refusals.Any)
        {
            return false;
        }

        var edgeDeg = PhotoGround.EdgeDeg(request.Camera, request.GimbalPitchDeg);
        if (edgeDeg > PhotoGround.MaxEdgeDeg)
        {
            var limit = request.GimbalPitchDeg - (edgeDeg - PhotoGround.MaxEdgeDeg);
            refusals.Add(RouteRefusalCodes.GimbalTooFlat, "", request.GimbalPitchDeg, limit);
            return false;
        }

        TooHigh(request, request.HeightM, refusals);
        return true;
    }

    /// <summary>Checks what every route has.</summary>
    internal static void Common(RouteRequest request, RefusalList refusals)
    {
        var camera = request.Camera;
        refusals.Range("sensor-width mm", camera.SensorWidthMm, 1, 100);
        refusals.Range("focal mm", camera.FocalMm, 0.5, 1000);
        refusals.Range("image-width px", camera.WidthPx, 16, 100_000);
        refusals.Range("image-height px", camera.HeightPx, 16, 100_000);
        refusals.Range("min-interval s", camera.MinIntervalS, 0.05, 60);
        refusals.Range("speed m/s", request.SpeedMps, 0.2, 15);
        refusals.Range("transit-speed m/s", request.TransitSpeedMps, 1, 15);
        refusals.Range("turn-radius m", request.TurnRadiusM, 0, 200);
        refusals.Range("sight m", request.SightM, 20, 20_000);
        refusals.Range("battery min", request.BatteryMin, 1, 300);
        refusals.Range("usable %", request.UsableShare * 100, 5, 100);
        refusals.Range("max-height m", request.MaxHeightM, 5, 2000);
        foreach (var ground in request.Homes.Select(h => h.GroundM).OfType<double>())
        {
            refusals.Range($"{HomeGround} m", ground, -500, 9000);
        }

        Overlap("front", request.FrontOverlap, refusals);
        Overlap("side", request.SideOverlap, refusals);
        if (request.Homes.Any(h => !OnEarth(h.Position)) || request.NoFly.Any(z => z.Area.Coordinates.Any(c => !OnEarth(new LonLat(c.X, c.Y)))))
        {
            refusals.Add(RouteRefusalCodes.NotAPlace, "home, no-fly");
        }
    }

    /// <summary>Checks a line of places and makes it a track.</summary>
    /// <returns>Null when it is none.</returns>
    internal static (RoutePlane Plane, Track Line)? Line(IReadOnlyList<LonLat> places, RefusalList refusals)
    {
        if (places.Count == 0 || !places.All(OnEarth))
        {
            refusals.Add(places.Count == 0 ? RouteRefusalCodes.LineTooShort : RouteRefusalCodes.NotAPlace, places.Count == 0 ? "" : "line", 0, ShortestLineM);
            return null;
        }

        if (places.Max(p => p.Lon) - places.Min(p => p.Lon) > 1 || places.Max(p => p.Lat) - places.Min(p => p.Lat) > 1)
        {
            refusals.Add(RouteRefusalCodes.LineTooLong, "", null, LongestLineM);
            return null;
        }

        var plane = new RoutePlane(places);
        var track = new Track(places.Select(plane.ToPlane));
        if (track.LengthM < ShortestLineM || track.Points.Count < 2)
        {
            refusals.Add(RouteRefusalCodes.LineTooShort, "", track.LengthM, ShortestLineM);
            return null;
        }

        if (track.LengthM > LongestLineM)
        {
            refusals.Add(RouteRefusalCodes.LineTooLong, "", track.LengthM, LongestLineM);
            return null;
        }

        if (!track.Line.IsSimple)
        {
            refusals.Add(RouteRefusalCodes.LineCrosses);
            return null;
        }

        return (plane, track);
    }

    internal static void TooHigh(RouteRequest request, double heightM, RefusalList refusals)
    {
        if (heightM > request.MaxHeightM)
        {
            refusals.Add(RouteRefusalCodes.TooHigh, "", heightM, request.MaxHeightM);
        }
    }

    internal static void TooFast(RouteRequest request, double intervalM, RefusalList refusals)
    {
        var fastest = intervalM / request.Camera.MinIntervalS;
        if (request.SpeedMps > fastest)
        {
            refusals.Add(RouteRefusalCodes.TooFast, "", request.SpeedMps, fastest);
        }
    }

    /// <summary>Checked before any photo is placed: numbers near the ends of their ranges would ask for millions.</summary>
    /// <param name="refusals">Where to say it.</param>
    /// <param name="tracks">About how many tracks there will be.</param>
    /// <param name="photos">About how many photos.</param>
    /// <param name="points">How many waypoints a track has at most.</param>
    /// <returns>False when it is too much.</returns>
    internal static bool Amount(RefusalList refusals, double tracks, double photos, int points)
    {
        if (!(photos <= MostPhotos))
        {
            refusals.Add(RouteRefusalCodes.TooManyPhotos, "", Math.Round(photos), MostPhotos);
            return false;
        }

        if (!(tracks * points <= MostWaypoints))
        {
            refusals.Add(RouteRefusalCodes.TooDetailed, "", Math.Round(tracks * points), MostWaypoints);
            return false;
        }

        return true;
    }

    internal static bool OnEarth(LonLat place) => Math.Abs(place.Lon) <= 180 && Math.Abs(place.Lat) <= CameraPose.MaxLatDeg;

    private static void Overlap(string name, double value, RefusalList refusals)
    {
        if (!(value >= 0 && value < 0.99))
        {
            refusals.Add(RouteRefusalCodes.Overlap, name, value, 0.99);
        }
    }
}
