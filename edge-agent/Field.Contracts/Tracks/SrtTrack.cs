using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Field.Contracts.Tracks;

/// <summary>
/// Reads the subtitle file (.SRT) that DJI's cameras write beside a video: passages of a number, a time line and text. The text differs by
/// model; read are the bracketed names of newer models (<c>[latitude: 41.42]</c>), <c>GPS(lon,lat,satellites)</c>, and
/// <c>GPS(lat,lon,altitudeM)</c> of the Matrice 300, told apart by the unit M after the third number. Every good passage is kept.
/// </summary>
public static partial class SrtTrack
{
    private const int LongestPassage = 2000;
    private const int MostDecimals = 9;

    /// <summary>Reads a file.</summary>
    /// <param name="reader">Its text.</param>
    /// <param name="utcOffset">Of the clock that the camera wrote, which names none.</param>
    /// <returns>The track; its clock is unknown when no passage has a date.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FlightTrack Parse(TextReader reader, TimeSpan utcOffset)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Reading reading = new(utcOffset);
        while (reader.ReadLine() is { } line)
        {
            reading.Add(line.Trim());
        }

        return reading.Finish();
    }

    private static double? Number(Group group) =>
        group.Success && double.TryParse(group.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static double? Named(string text, string name)
    {
        int at = text.IndexOf(name, StringComparison.Ordinal);
        return at < 0 ? null : Number(AfterName().Match(text, at + name.Length).Groups[1]);
    }

    [GeneratedRegex(@"^([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2})[,.]([0-9]{1,3})\s*-->")]
    private static partial Regex TimeLine();

    [GeneratedRegex(@"\G\s*:\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,12})?)")]
    private static partial Regex AfterName();

    [GeneratedRegex(@"GPS\s*\(\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,12})?)\s*,\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,12})?)\s*,\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(M?)\s*\)")]
    private static partial Regex Gps();

    [GeneratedRegex(@"\b(?:BAROMETER:|Hb:|H )\s*([-+]?[0-9]{1,6}(?:\.[0-9]{1,6})?)")]
    private static partial Regex Height();

    [GeneratedRegex(@"\b([FG])\.PRY\s*\(\s*([-+]?[0-9.]{1,8})[^,)]{0,4},\s*([-+]?[0-9.]{1,8})[^,)]{0,4},\s*([-+]?[0-9.]{1,8})[^,)]{0,4}\)")]
    private static partial Regex PitchRollYaw();

    [GeneratedRegex(@"\b([0-9]{4})[.\-/]([0-9]{1,2})[.\-/]([0-9]{1,2})\s+([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?")]
    private static partial Regex Clock();

    /// <summary>The passages as they come.</summary>
    private sealed class Reading(TimeSpan utcOffset)
    {
        private readonly List<(TimeSpan Elapsed, DateTime? Clock, TrackPoint Point)> _found = [];
        private readonly TrackFaults _faults = new();
        private readonly StringBuilder _text = new();
        private TimeSpan? _elapsed;
        private bool _tooLong;
        private bool _fraction;
        private int _decimals;
        private int _line;
        private int _start;

        public void Add(string line)
        {
            _line++;
            if (TimeLine().Match(line) is { Success: true } time)
            {
                Close();
                (_start, _elapsed) = (_line, Elapsed(time));
            }
            else if (line.Contains("-->", StringComparison.Ordinal))
            {
                Close();
                _faults.Add(_line, TrackFaultCodes.BadTime);
            }
            else if (line.Length == 0)
            {
                Close();
            }
            else if (_elapsed is not null)
            {
                _tooLong |= _text.Length + line.Length > LongestPassage;
                _ = _tooLong ? _text : _text.Append(line).Append('\n');
            }
            else if (!line.All(char.IsAsciiDigit))
            {
                _faults.Add(_line, TrackFaultCodes.Stray);
            }
        }

        public FlightTrack Finish()
        {
            Close();
            bool clocked = _found.Exists(f => f.Clock is not null);
            IEnumerable<TrackPoint> points = _found
                .Where(f => !clocked || f.Clock is not null)
                .Select(f => f.Point with { Time = FlightTrack.Shift(f.Clock is { } c ? new DateTimeOffset(c, TimeSpan.Zero) : DateTimeOffset.UnixEpoch, clocked ? -utcOffset : f.Elapsed) });
            return new FlightTrack
            {
                Points = [.. points.OrderBy(p => p.Time)],
                Faults = _faults.Kept,
                FaultCount = _faults.Count,
                Clock = clocked ? TrackClock.Local : TrackClock.Unknown,
                TimeStepS = _fraction || !clocked ? 0.001 : 1,
                PlaceStepDeg = Math.Pow(10, -Math.Min(_decimals, MostDecimals)),
            };
        }

        private static TimeSpan Elapsed(Match time)
        {
            int Part(int group) => int.Parse(time.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
            return new TimeSpan(0, Part(1), Part(2), Part(3), Part(4));
        }

        private void Close()
        {
            if (_elapsed is { } elapsed)
            {
                string text = _text.ToString();
                if (_tooLong)
                {
                    _faults.Add(_start, TrackFaultCodes.TooLong);
                }
                else if (Place(text) is { } point && When(text) is { } when)
                {
                    _found.Add((elapsed, when.Clock, point));
                }
            }

            (_elapsed, _tooLong) = (null, false);
            _text.Clear();
        }

        /// <summary>The passage's date and time, null in it when it has none; null when it has one that is none.</summary>
        private (DateTime? Clock, bool Ok)? When(string text)
        {
            if (Clock().Match(text) is not { Success: true } m)
            {
                return (null, true);
            }

            int Part(int group) => int.Parse(m.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
            bool isTime = Part(1) >= 1 && Part(2) is >= 1 and <= 12 && Part(3) >= 1 && Part(3) <= DateTime.DaysInMonth(Part(1), Part(2))
                && Part(4) <= 23 && Part(5) <= 59 && Part(6) <= 59;
            if (!isTime)
            {
                _faults.Add(_start, TrackFaultCodes.BadTime);
                return null;
            }

            _fraction |= m.Groups[7].Success;
            int milliseconds = m.Groups[7].Success ? int.Parse(m.Groups[7].Value.PadRight(3, '0'), CultureInfo.InvariantCulture) : 0;
            return (new DateTime(Part(1), Part(2), Part(3), Part(4), Part(5), Part(6), milliseconds, DateTimeKind.Unspecified), true);
        }

        private TrackPoint? Place(string text)
        {
            double? lat = Named(text, "latitude");
            double? lon = Named(text, "longitude") ?? Named(text, "longtitude"); // older firmware misspells it
            double? altitude = Named(text, "abs_alt") ?? Named(text, "altitude");
            if ((lat ?? lon) is null && Gps().Match(text) is { Success: true } gps)
            {
                bool latFirst = gps.Groups[4].Length > 0;
                (lon, lat) = latFirst ? (Number(gps.Groups[2]), Number(gps.Groups[1])) : (Number(gps.Groups[1]), Number(gps.Groups[2]));
                altitude = latFirst ? Number(gps.Groups[3]) : null;
            }

            if (lon is not { } x || lat is not { } y)
            {
                _faults.Add(_start, TrackFaultCodes.NoPosition);
                return null;
            }

            if (!GeoPoint.IsValid(x, y) || (x == 0 && y == 0))
            {
                _faults.Add(_start, x == 0 && y == 0 ? TrackFaultCodes.NoFix : TrackFaultCodes.BadPosition);
                return null;
            }

            _decimals = Math.Max(_decimals, Math.Max(Decimals(x), Decimals(y)));
            return Attitude(text, new TrackPoint(default, x, y)
            {
                AltitudeM = altitude,
                RelativeAltitudeM = Named(text, "rel_alt") ?? Number(Height().Match(text).Groups[1]),
                GimbalYawDeg = Named(text, "gb_yaw"),
                GimbalPitchDeg = Named(text, "gb_pitch"),
                GimbalRollDeg = Named(text, "gb_roll"),
            });
        }

        /// <summary>F is the aircraft, G its gimbal.</summary>
        private static TrackPoint Attitude(string text, TrackPoint point)
        {
            foreach (Match m in PitchRollYaw().Matches(text))
            {
                point = m.Groups[1].ValueSpan[0] == 'F'
                    ? point with { FlightYawDeg = Number(m.Groups[4]) }
                    : point with { GimbalPitchDeg = Number(m.Groups[2]), GimbalRollDeg = Number(m.Groups[3]), GimbalYawDeg = Number(m.Groups[4]) };
            }

            return point;
        }

        private static int Decimals(double value)
        {
            decimal exact = (decimal)value;
            return (exact - decimal.Truncate(exact)).Scale;
        }
    }
}
