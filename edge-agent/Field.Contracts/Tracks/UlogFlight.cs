using System.Buffers.Binary;
using System.Globalization;

namespace Field.Contracts.Tracks;

/// <summary>
/// The track out of a log's topics: places from the estimator (vehicle_global_position), else from the receiver; nose and gimbal as they
/// were told last before the place; height above home, else above the estimator's origin. UTC comes from the receiver's own time, as the
/// median of its difference to the autopilot's.
/// </summary>
internal sealed class UlogFlight
{
    private const double PlaceStep = 1e-7;
    private const int MostClockSamples = 1000;
    private const int Least3dFix = 3;
    private const long EarliestUtcUs = 946_684_800_000_000; // 2000-01-01: receivers without a fix count from older dates
    private const long LatestUtcUs = 4_102_444_800_000_000; // 2100-01-01
    private const long FreshUs = 1_000_000;

    private static readonly string[] Known =
    [
        "vehicle_global_position", "vehicle_gps_position", "sensor_gps", "vehicle_attitude", "vehicle_local_position", "home_position",
        "mount_orientation", "gimbal_device_attitude_status",
    ];

    private readonly Dictionary<string, Dictionary<string, (int At, string Type)>> _formats = [];
    private readonly Dictionary<string, List<(long TimeUs, TrackPoint Point)>> _places = [];
    private readonly List<long> _clock = [];
    private (long TimeUs, double YawDeg) _nose = (long.MinValue, 0);
    private (long TimeUs, double RollDeg, double PitchDeg, double YawDeg) _gimbal = (long.MinValue, 0, 0, 0);
    private (long TimeUs, double UpM) _local = (long.MinValue, 0);
    private double? _homeM;

    /// <summary><c>name:type field;type[3] field;</c></summary>
    public void AddFormat(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !Known.Contains(text[..colon]))
        {
            return;
        }

        Dictionary<string, (int, string)> fields = [];
        int at = 0;
        foreach (string field in text[(colon + 1)..].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = field.Split(' ', 2);
            string[] array = parts[0].Split('[', ']');
            int size = SizeOf(array[0]);
            int count = array.Length > 1 && int.TryParse(array[1], NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 1;
            if (parts.Length < 2 || size == 0 || count is < 1 or > ushort.MaxValue || at > ushort.MaxValue)
            {
                break; // the fields before it keep their places
            }

            fields[parts[1]] = (at, array[0]);
            at += size * count;
        }

        _formats[text[..colon]] = fields;
    }

    /// <summary>One piece of data of the first instance of a topic.</summary>
    public void Take(string topic, ReadOnlySpan<byte> data)
    {
        if (!_formats.TryGetValue(topic, out Dictionary<string, (int At, string Type)>? fields))
        {
            return;
        }

        Row row = new(fields, data);
        long time = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(data), long.MaxValue / 16);
        switch (topic)
        {
            case "vehicle_global_position":
                AddPlace(topic, time, row.Number("lon"), row.Number("lat"), row.Number("alt"));
                break;
            case "vehicle_gps_position" or "sensor_gps":
                TakeReceiver(topic, time, row);
                break;
            case "vehicle_attitude":
                TakeNose(time, row);
                break;
            case "vehicle_local_position" when row.Number("z_valid") is 1 && row.Number("z") is { } down:
                _local = (time, -down);
                break;
            case "home_position" when row.Number("alt") is { } alt && row.Number("valid_alt") is null or 1:
                _homeM = alt;
                break;
            case "mount_orientation":
                TakeMount(time, row);
                break;
            case "gimbal_device_attitude_status" when Euler(row) is { } e:
                _gimbal = (time, e.RollDeg, e.PitchDeg, e.YawDeg);
                break;
            default:
                break;
        }
    }

    /// <summary>The track of the best source that has any place.</summary>
    public FlightTrack Track(TrackFaults faults)
    {
        List<(long TimeUs, TrackPoint Point)> best = Known.Take(3).Select(_places.GetValueOrDefault).FirstOrDefault(p => p is { Count: > 0 }) ?? [];
        _clock.Sort();
        long? offset = _clock.Count > 0 ? _clock[_clock.Count / 2] : null;
        return new FlightTrack
        {
            Points =
            [
                .. best.OrderBy(p => p.TimeUs).Select(p => p.Point with
                {
                    Time = FlightTrack.Shift(DateTimeOffset.UnixEpoch, TimeSpan.FromMicroseconds(p.TimeUs + (offset ?? 0))),
                    RelativeAltitudeM = _homeM is { } home ? p.Point.AltitudeM - home : p.Point.RelativeAltitudeM,
                }),
            ],
            Faults = faults.Kept,
            FaultCount = faults.Count,
            Clock = offset is null ? TrackClock.Unknown : TrackClock.Utc,
            TimeStepS = 0.1,
            PlaceStepDeg = PlaceStep,
        };
    }

    private void TakeReceiver(string topic, long time, Row row)
    {
        if (row.Number("time_utc_usec") is { } utc && utc is > EarliestUtcUs and < LatestUtcUs && _clock.Count < MostClockSamples)
        {
            _clock.Add((long)utc - time);
        }

        if (row.Number("fix_type") is >= Least3dFix)
        {
            AddPlace(
                topic, time, row.Number("longitude_deg") ?? row.Number("lon") * 1e-7, row.Number("latitude_deg") ?? row.Number("lat") * 1e-7,
                row.Number("altitude_msl_m") ?? row.Number("alt") / 1000);
        }
    }

    private void AddPlace(string topic, long time, double? lon, double? lat, double? altitude)
    {
        if (lon is not { } x || lat is not { } y || !GeoPoint.IsValid(x, y) || (x == 0 && y == 0))
        {
            return;
        }

        if (!_places.TryGetValue(topic, out List<(long, TrackPoint)>? places))
        {
            _places[topic] = places = [];
        }

        bool looks = IsFresh(_gimbal.TimeUs, time);
        places.Add((time, new TrackPoint(default, x, y)
        {
            AltitudeM = altitude,
            RelativeAltitudeM = IsFresh(_local.TimeUs, time) ? _local.UpM : null,
            FlightYawDeg = IsFresh(_nose.TimeUs, time) ? _nose.YawDeg : null,
            GimbalYawDeg = looks ? _gimbal.YawDeg : null,
            GimbalPitchDeg = looks ? _gimbal.PitchDeg : null,
            GimbalRollDeg = looks ? _gimbal.RollDeg : null,
        }));
    }

    private static bool IsFresh(long told, long now) => told > long.MinValue && now - told is >= -FreshUs and <= FreshUs;

    private void TakeNose(long time, Row row)
    {
        if (Euler(row) is { } euler)
        {
            _nose = (time, euler.YawDeg);
        }
    }

    /// <summary>Roll, pitch, yaw in radians.</summary>
    private void TakeMount(long time, Row row)
    {
        if (row.Number("attitude_euler_angle") is { } roll && row.Number("attitude_euler_angle", 1) is { } pitch && row.Number("attitude_euler_angle", 2) is { } yaw)
        {
            _gimbal = (time, double.RadiansToDegrees(roll), double.RadiansToDegrees(pitch), double.RadiansToDegrees(yaw));
        }
    }

    /// <summary>Roll, pitch and yaw of the quaternion from the body (forward, right, down) to north, east, down.</summary>
    private static (double RollDeg, double PitchDeg, double YawDeg)? Euler(Row row)
    {
        if (row.Number("q") is not { } w || row.Number("q", 1) is not { } x || row.Number("q", 2) is not { } y || row.Number("q", 3) is not { } z
            || (w * w) + (x * x) + (y * y) + (z * z) is not (> 0.5 and < 2))
        {
            return null;
        }

        double roll = Math.Atan2(2 * ((w * x) + (y * z)), 1 - (2 * ((x * x) + (y * y))));
        double pitch = Math.Asin(Math.Clamp(2 * ((w * y) - (z * x)), -1, 1));
        double yaw = Math.Atan2(2 * ((w * z) + (x * y)), 1 - (2 * ((y * y) + (z * z))));
        return (double.RadiansToDegrees(roll), double.RadiansToDegrees(pitch), double.RadiansToDegrees(yaw));
    }

    private static int SizeOf(string type) => type switch
    {
        "int8_t" or "uint8_t" or "bool" or "char" => 1,
        "int16_t" or "uint16_t" => 2,
        "int32_t" or "uint32_t" or "float" => 4,
        "int64_t" or "uint64_t" or "double" => 8,
        _ => 0,
    };

    private readonly ref struct Row(Dictionary<string, (int At, string Type)> fields, ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> _data = data;

        /// <summary>A field, or an element of its array; null when the message has none, or no number.</summary>
        public double? Number(string name, int index = 0)
        {
            if (!fields.TryGetValue(name, out (int At, string Type) field) || field.At + ((index + 1) * SizeOf(field.Type)) > _data.Length)
            {
                return null;
            }

            ReadOnlySpan<byte> at = _data[(field.At + (index * SizeOf(field.Type)))..];
            double value = field.Type switch
            {
                "float" => BinaryPrimitives.ReadSingleLittleEndian(at),
                "double" => BinaryPrimitives.ReadDoubleLittleEndian(at),
                "int8_t" => (sbyte)at[0],
                "int16_t" => BinaryPrimitives.ReadInt16LittleEndian(at),
                "uint16_t" => BinaryPrimitives.ReadUInt16LittleEndian(at),
                "int32_t" => BinaryPrimitives.ReadInt32LittleEndian(at),
                "uint32_t" => BinaryPrimitives.ReadUInt32LittleEndian(at),
                "int64_t" => BinaryPrimitives.ReadInt64LittleEndian(at),
                "uint64_t" => BinaryPrimitives.ReadUInt64LittleEndian(at),
                _ => at[0],
            };
            return double.IsFinite(value) ? value : null;
        }
    }
}
