using Field.Contracts;

namespace Field.Ingest;

/// <summary>What telemetry says of the device itself (SPEC.md section 3): its newest place and battery. One pass, for it sees every record.</summary>
/// <param name="Place">Longitude and latitude, degrees, or null.</param>
/// <param name="BatteryPercent">0 to 100, or null.</param>
/// <param name="PlaceAt">When it was there.</param>
/// <param name="BatteryAt">When the battery was so.</param>
internal readonly record struct TelemetryState(
    (double Lon, double Lat)? Place, double? BatteryPercent, DateTimeOffset PlaceAt, DateTimeOffset BatteryAt)
{
    public static TelemetryState Of(IReadOnlyList<SenMLPack> packs)
    {
        (double Lon, double Lat)? place = null;
        double? battery = null;
        DateTimeOffset placeAt = default, batteryAt = default;
        foreach (SenMLPack pack in packs)
        {
            foreach (Measurement m in pack.Measurements)
            {
                if (m.Unit == "lon" && (place is null || m.Time >= placeAt) && Partner(pack, m) is { } lat && GeoPoint.IsValid(m.Value ?? double.NaN, lat))
                {
                    (place, placeAt) = ((m.Value!.Value, lat), m.Time);
                }
                else if (Battery(m) is { } percent && (battery is null || m.Time >= batteryAt))
                {
                    (battery, batteryAt) = (percent, m.Time);
                }
            }
        }

        return new(place, battery, placeAt, batteryAt);
    }

    /// <summary>The latitude of the same time.</summary>
    private static double? Partner(SenMLPack pack, Measurement lon) =>
        pack.Measurements.FirstOrDefault(m => m.Unit == "lat" && m.Time == lon.Time)?.Value;

    private static double? Battery(Measurement m)
    {
        if (m.Value is not { } value || m.Unit is not ("%EL" or "/") || !m.Name.EndsWith("battery", StringComparison.Ordinal))
        {
            return null;
        }

        double percent = m.Unit == "/" ? value * 100 : value;
        return percent is >= 0 and <= 100 ? percent : null;
    }
}
