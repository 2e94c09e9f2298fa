using System.Globalization;
using System.Text.Json;
using Field.Geo.Routes;

namespace Field.MapApp.Routes;

/// <summary>Writes what the API answers (SPEC.md, Routes).</summary>
internal static class RouteAnswer
{
    /// <summary>A plan, whether it can be flown or not.</summary>
    public static void Write(Utf8JsonWriter json, RoutePlanned planned, bool english)
    {
        RoutePlan plan = planned.Plan;
        RouteError[] errors = [.. plan.Refusals.Select(RouteError.Of)];
        json.WriteStartObject();
        if (errors.Length > 0)
        {
            json.WriteString("error", Text(errors, english));
        }

        json.WriteString("planId", planned.PlanId);
        json.WriteString("kind", plan.Request is BridgeRouteRequest ? "bridge" : "levee");
        json.WriteString("assetId", planned.Asset?.Id);
        Levee(json, planned);
        Figures(json, plan);
        json.WriteStartArray("flights");
        foreach (RouteFlight flight in plan.Flights)
        {
            Flight(json, plan, flight);
        }

        json.WriteEndArray();
        json.WriteStartArray("homes");
        foreach (RouteHome home in plan.Homes)
        {
            Home(json, home);
        }

        json.WriteEndArray();
        json.WriteBoolean("kmz", plan.Request.Camera.Wpml is not null);
        json.WriteStartArray("warnings");
        foreach (RouteWarning warning in RouteWarning.Of(plan))
        {
            json.WriteStartObject();
            json.WriteString("code", warning.Code);
            json.WriteString("ja", warning.Text(japanese: true));
            json.WriteString("en", warning.Text(japanese: false));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Errors(json, errors, plan.Refusals);
        json.WritePropertyName("preview");
        json.WriteRawValue(planned.Preview, skipInputValidation: true);
        json.WriteEndObject();
    }

    /// <summary>Why nothing was planned.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<RouteError> errors, bool english)
    {
        json.WriteStartObject();
        json.WriteString("error", Text(errors, english));
        Errors(json, errors, []);
        json.WriteEndObject();
    }

    /// <summary>What can be asked for: cameras, numbers, their units and defaults.</summary>
    public static void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("cameras");
        foreach (RouteCamera camera in RouteCamera.Presets)
        {
            json.WriteStartObject();
            json.WriteString("name", camera.Name);
            json.WriteString("label", camera.Label);
            json.WriteNumber("sensorWidthMm", camera.SensorWidthMm);
            json.WriteNumber("focalMm", camera.FocalMm);
            json.WriteNumber("imageWidthPx", camera.WidthPx);
            json.WriteNumber("imageHeightPx", camera.HeightPx);
            json.WriteNumber("minIntervalS", camera.MinIntervalS);
            json.WriteBoolean("kmz", camera.Wpml is not null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Numbers(json, "shared", RouteNumbers.Shared);
        Numbers(json, "levee", RouteNumbers.Levee);
        Numbers(json, "bridge", RouteNumbers.Bridge);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<RouteNumber> numbers)
    {
        json.WriteStartArray(name);
        foreach (RouteNumber number in numbers)
        {
            json.WriteStartObject();
            json.WriteString("member", number.Member);
            json.WriteString("unit", number.Unit);
            Number(json, "default", number.Default);
            json.WriteBoolean("required", number.IsRequired);
            json.WriteString("ja", number.Ja);
            json.WriteString("en", number.En);
            json.WriteString("hintJa", number.HintJa);
            json.WriteString("hintEn", number.HintEn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Levee(Utf8JsonWriter json, RoutePlanned planned)
    {
        if (planned.Levee is not { } levee)
        {
            json.WriteNull("levee");
            return;
        }

        json.WriteStartObject("levee");
        json.WriteNumber("lengthM", Math.Round(levee.Line.LengthM, 1));
        Number(json, "lowKm", levee.Range?.LowKm);
        Number(json, "highKm", levee.Range?.HighKm);
        json.WriteString("riverSide", levee.RiverSide switch { 1 => "right", -1 => "left", _ => null });
        json.WriteEndObject();
    }

    private static void Figures(Utf8JsonWriter json, RoutePlan plan)
    {
        json.WriteStartObject("figures");
        json.WriteNumber("photos", plan.PhotoCount);
        json.WriteNumber("tracks", plan.Legs.Count);
        json.WriteNumber("batteries", plan.Flights.Count);
        json.WriteNumber("timeS", Math.Round(plan.TimeS));
        json.WriteNumber("distanceM", Math.Round(plan.Flights.Sum(f => f.DistanceM)));
        json.WriteNumber("usableS", Math.Round(plan.Request.UsableS));
        json.WriteNumber("gsdMinMm", Mm(plan.Gsd.MinM));
        json.WriteNumber("gsdMeanMm", Mm(plan.Gsd.MeanM));
        json.WriteNumber("gsdMaxMm", Mm(plan.Gsd.MaxM));
        json.WriteNumber("coverageShare", Math.Round(plan.CoverageShare, 4));
        json.WriteNumber("gaps", plan.Gaps.Count);
        json.WriteNumber("intervalM", Math.Round(plan.IntervalM, 2));
        json.WriteNumber("spacingM", Math.Round(plan.SpacingM, 2));
        json.WriteEndObject();
    }

    private static void Flight(Utf8JsonWriter json, RoutePlan plan, RouteFlight flight)
    {
        json.WriteStartObject();
        json.WriteNumber("number", flight.Number);
        json.WritePropertyName("home");
        Home(json, flight.Home);
        json.WriteNumber("transitHeightM", Math.Round(flight.TransitHeightM, 1));
        json.WriteNumber("timeS", Math.Round(flight.TimeS));
        json.WriteNumber("distanceM", Math.Round(flight.DistanceM));
        json.WriteNumber("batteryShare", Math.Round(flight.TimeS / (plan.Request.BatteryMin * 60), 3));
        json.WriteNumber("photos", flight.Legs.Sum(l => l.Photos.Count));
        json.WriteStartArray("tracks");
        foreach (RouteLeg leg in flight.Legs)
        {
            json.WriteStartObject();
            json.WriteString("name", leg.Name);
            json.WriteNumber("photos", leg.Photos.Count);
            json.WriteNumber("pitchDeg", Math.Round(leg.PitchDeg, 2));
            json.WriteStartArray("waypoints");
            foreach (RouteWaypoint point in leg.Waypoints)
            {
                json.WriteStartArray();
                json.WriteNumberValue(Math.Round(point.Position.Lon, 8));
                json.WriteNumberValue(Math.Round(point.Position.Lat, 8));
                json.WriteNumberValue(Math.Round(point.HeightM, 2));
                json.WriteNumberValue(Math.Round(point.YawDeg, 1));
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Home(Utf8JsonWriter json, RouteHome home)
    {
        json.WriteStartObject();
        json.WriteNumber("lon", Math.Round(home.Position.Lon, 8));
        json.WriteNumber("lat", Math.Round(home.Position.Lat, 8));
        Number(json, "groundM", home.GroundM);
        json.WriteEndObject();
    }

    private static void Errors(Utf8JsonWriter json, IReadOnlyList<RouteError> errors, IReadOnlyList<RouteRefusal> refusals)
    {
        json.WriteStartArray("errors");
        for (int i = 0; i < errors.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("code", errors[i].Code);
            json.WriteString("ja", errors[i].Ja);
            json.WriteString("en", errors[i].En);
            json.WriteString("member", errors[i].Member);
            if (i < refusals.Count)
            {
                Number(json, "fromM", refusals[i].FromM);
                Number(json, "toM", refusals[i].ToM);
                Number(json, "fromKm", refusals[i].Stretch?.FromKm);
                Number(json, "fromOffsetM", refusals[i].Stretch?.FromOffsetM);
                Number(json, "toKm", refusals[i].Stretch?.ToKm);
                Number(json, "toOffsetM", refusals[i].Stretch?.ToOffsetM);
                Number(json, "value", refusals[i].Value);
                Number(json, "limit", refusals[i].Limit);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Text(IEnumerable<RouteError> errors, bool english) => string.Join('\n', errors.Select(e => english ? e.En : e.Ja));

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, double.Parse(number.ToString("0.###", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static double Mm(double metres) => double.IsFinite(metres) ? Math.Round(metres * 1000, 3) : 0;
}
