using System.Globalization;
using System.Text.RegularExpressions;

namespace Field.EdgeAgent.Position;

/// <summary>
/// The subtitles that DJI aircraft write beside a video, in the forms of their firmware: <c>[latitude: ..] [longitude: ..]</c> with
/// <c>altitude</c> or <c>rel_alt abs_alt</c>; <c>GPS(lon,lat,satellites)</c>; and of the Matrice 300 <c>GPS(lat,lon,..M)</c>. Times there are local
/// times of the aircraft: the zone of this machine is taken.
/// </summary>
internal sealed partial class SrtReader(TimeZoneInfo zone) : IPositionReader
{
    private const int MostLines = 16;

    private readonly List<string> _block = [];

    /// <inheritdoc/>
    public bool IsBetween => _block.Count == 0;

    /// <inheritdoc/>
    public PositionFix? Read(string line)
    {
        string text = line.Trim().TrimStart('\uFEFF');
        if (text.Length > 0)
        {
            _block.Add(text);
            if (_block.Count > MostLines)
            {
                _block.Clear();
                throw new FieldException($"more than {MostLines} lines without an empty one");
            }

            return null;
        }

        return End();
    }

    /// <inheritdoc/>
    public PositionFix? End()
    {
        if (_block.Count == 0)
        {
            return null;
        }

        bool isSubtitle = _block.Count >= 2 && _block[0].All(char.IsAsciiDigit) && _block[1].Contains("-->", StringComparison.Ordinal);
        string text = string.Join('\n', _block.Skip(2));
        _block.Clear();
        return isSubtitle ? Position(text) : throw new FieldException("is no subtitle with a number and a time span");
    }

    private PositionFix? Position(string text)
    {
        Dictionary<string, double> named = [];
        foreach (Match match in Named().Matches(text))
        {
            named[match.Groups[1].Value] = Number(match.Groups[2].Value);
        }

        double? Value(params string[] names) => names.FirstOrDefault(named.ContainsKey) is { } name ? named[name] : null;
        if (Value("longitude", "longtitude") is { } lon && Value("latitude") is { } lat)
        {
            return PositionFix.Of(lon, lat, Value("abs_alt", "altitude"), Value("rel_alt"), Time(text));
        }

        if (Gps().Match(text) is not { Success: true } gps)
        {
            return null; // no fix, or nothing about the place
        }

        (double first, double second) = (Number(gps.Groups[1].Value), Number(gps.Groups[2].Value));
        bool latitudeFirst = gps.Groups[3].Value.Length > 0;
        double? above = Height().Match(text) is { Success: true } height ? Number(height.Groups[1].Value) : null;
        return PositionFix.Of(latitudeFirst ? second : first, latitudeFirst ? first : second, null, above, Time(text));
    }

    private DateTimeOffset? Time(string text)
    {
        if (DateAndTime().Match(text) is not { Success: true } match)
        {
            return null;
        }

        int[] part = [.. match.Groups.Values.Skip(1).Take(6).Select(g => int.Parse(g.Value, CultureInfo.InvariantCulture))];
        try
        {
            DateTime local = new(part[0], part[1], part[2], part[3], part[4], part[5], DateTimeKind.Unspecified);
            local = local.AddMilliseconds(match.Groups[7].Success ? Number($"0.{match.Groups[7].Value}") * 1000 : 0);
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FieldException($"'{match.Value}' is no time", false, e);
        }
    }

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        ? value
        : throw new FieldException($"'{text}' is no number");

    [GeneratedRegex(@"\b(latitude|longitude|longtitude|altitude|abs_alt|rel_alt)\s*:\s*(-?[0-9.]{1,20})")]
    private static partial Regex Named();

    [GeneratedRegex(@"\bGPS\s?\(\s?(-?[0-9.]{1,20}),\s?(-?[0-9.]{1,20}),\s?-?[0-9.]{1,20}(M?)\)")]
    private static partial Regex Gps();

    [GeneratedRegex(@"(?:\bBAROMETER:|\bHb:|\bH )(-?[0-9.]{1,20})")]
    private static partial Regex Height();

    [GeneratedRegex(@"\b([0-9]{4})[-.]([0-9]{1,2})[-.]([0-9]{1,2}) ([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,6}))?")]
    private static partial Regex DateAndTime();
}
