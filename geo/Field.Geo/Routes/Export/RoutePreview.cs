using System.Globalization;
using System.Text.Json;
using NetTopologySuite.Geometries;

namespace Field.Geo.Routes.Export;

/// <summary>A plan as GeoJSON for a map: each feature's <c>kind</c> says what it is.</summary>
public static class RoutePreview
{
    private static readonly GeometryFactory Wgs84 = new(new PrecisionModel(), 4326);
    private static readonly (string, object?)[] Nothing = [];

    /// <summary>
    /// The FeatureCollection, UTF-8. Kinds: <c>target</c>, <c>line</c>, <c>home</c>, <c>leg</c>, <c>waypoint</c>, <c>footprint</c> (photos that
    /// look at the ground), <c>photo</c> (from the camera to the face that it looks at), <c>face</c> (that photos look at), <c>gap</c>, <c>no-fly</c>, <c>refused</c>.
    /// </summary>
    public static byte[] GeoJson(RoutePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteStartArray("features");
            Surroundings(json, plan);
            Legs(json, plan);
            foreach (var gap in plan.Gaps)
            {
                Feature(json, "gap", gap, []);
            }

            foreach (var refusal in plan.Refusals)
            {
                Feature(
                    json, "refused", refusal.Part,
                    [("code", refusal.Code), ("subject", refusal.Subject), ("fromM", refusal.FromM), ("toM", refusal.ToM),
                        ("messageJa", RouteRefusalText.Of(refusal, true)), ("messageEn", RouteRefusalText.Of(refusal, false))]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Surroundings(Utf8JsonWriter json, RoutePlan plan)
    {
        if (plan.Target is not null)
        {
            Feature(json, "target", plan.Target, [("coverage", Math.Round(plan.CoverageShare, 4))]);
        }

        if (plan.BaseLine is not null)
        {
            Feature(json, "line", plan.BaseLine, []);
        }

        foreach (var face in plan.Faces)
        {
            Feature(
                json, "face", face.Foot,
                [("side", face.IsRight ? "right" : "left"), ("under", face.IsUnder), ("bottomM", Math.Round(face.BottomM, 2)), ("topM", Math.Round(face.TopM, 2))]);
        }

        foreach (var home in plan.Homes)
        {
            Feature(json, "home", Point(home.Position), []);
        }

        foreach (var zone in plan.Request.NoFly)
        {
            Feature(json, "no-fly", zone.Area, zone.Permit is { } permit
                ? [("name", zone.Name), ("id", zone.Id), ("permit", permit.Number), ("permitHolder", permit.Holder), ("permitUntil", permit.Until.ToString("O", CultureInfo.InvariantCulture))]
                : [("name", zone.Name), ("id", zone.Id)]);
        }
    }

    private static void Legs(Utf8JsonWriter json, RoutePlan plan)
    {
        foreach (var leg in plan.Legs)
        {
            int? flight = plan.Flights.FirstOrDefault(f => f.Legs.Contains(leg))?.Number;
            Feature(
                json, "leg", Wgs84.CreateLineString([.. leg.Waypoints.Select(w => new CoordinateZ(w.Position.Lon, w.Position.Lat, w.HeightM))]),
                [("track", leg.Name), ("flight", flight), ("photos", leg.Photos.Count), ("pitchDeg", Math.Round(leg.PitchDeg, 2))]);
            foreach (var waypoint in leg.Waypoints)
            {
                Feature(
                    json, "waypoint", Point(waypoint.Position),
                    [("track", leg.Name), ("heightM", Math.Round(waypoint.HeightM, 2)), ("heightAboveGroundM", Math.Round(waypoint.HeightAboveGroundM, 2)),
                        ("yawDeg", Math.Round(waypoint.YawDeg, 1)), ("stops", waypoint.TurnM <= 0)]);
            }

            foreach (var (index, photo) in leg.Photos.Index())
            {
                Feature(
                    json, plan.FaceDistanceM is null ? "footprint" : "photo", plan.FaceDistanceM is { } away ? View(photo, away) : plan.Footprint(photo),
                    [
                        ("track", leg.Name), ("flight", flight), ("photo", index + 1), ("lon", Math.Round(photo.Position.Lon, 8)), ("lat", Math.Round(photo.Position.Lat, 8)),
                        ("yawDeg", Math.Round(photo.YawDeg, 1)), ("pitchDeg", Math.Round(photo.PitchDeg, 1)),
                        .. plan.FaceDistanceM is null ? Nothing : [("heightM", Math.Round(leg.Waypoints[0].HeightM, 2))],
                    ]);
            }
        }
    }

    private static LineString View(RoutePhoto photo, double awayM)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(photo.YawDeg));
        var seen = new LocalFrame(photo.Position).ToLonLat(new EastNorth(awayM * sin, awayM * cos));
        return Wgs84.CreateLineString([new Coordinate(photo.Position.Lon, photo.Position.Lat), new Coordinate(seen.Lon, seen.Lat)]);
    }

    private static Point Point(LonLat place) => Wgs84.CreatePoint(new Coordinate(place.Lon, place.Lat));

    private static void Feature(Utf8JsonWriter json, string kind, Geometry? geometry, ReadOnlySpan<(string Name, object? Value)> properties)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WritePropertyName("geometry");
        Geo.GeoJson.Write(json, geometry);
        json.WriteStartObject("properties");
        json.WriteString("kind", kind);
        foreach (var (name, value) in properties)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case string text: json.WriteStringValue(text); break;
                case double number: json.WriteNumberValue(number); break;
                case int number: json.WriteNumberValue(number); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                default: json.WriteNullValue(); break;
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
