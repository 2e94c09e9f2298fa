using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Field.Contracts.Tracks;

/// <summary>
/// Reads the subtitle file (.SRT) that DJI's cameras write beside a video: passages of a number, a time line and text
/// (<see cref="SrtPassage"/>). Every good passage is kept.
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

    [GeneratedRegex(@"^([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2})[,.]([0-9]{1,3})\s*-->")]
    private static partial Regex TimeLine();

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
                else if (SrtPassage.Read(text) is var passage && passage.Fault is { } fault)
                {
                    _faults.Add(_start, fault);
                }
                else
                {
                    _fraction |= passage.HasFraction;
                    _decimals = Math.Max(_decimals, Math.Max(Decimals(passage.Point.Lon), Decimals(passage.Point.Lat)));
                    _found.Add((elapsed, passage.Clock, passage.Point));
                }
            }

            (_elapsed, _tooLong) = (null, false);
            _text.Clear();
        }

        private static int Decimals(double value)
        {
            decimal exact = (decimal)value;
            return (exact - decimal.Truncate(exact)).Scale;
        }
    }
}
