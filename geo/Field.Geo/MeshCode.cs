using System.Globalization;

namespace Field.Geo;

/// <summary>
/// A standard regional mesh (JIS X 0410): a code of 4 digits (80 km), 6 (10 km), 8 (1 km), 9 (500 m), 10 (250 m) or 11 (125 m). The
/// meshes that are not of this series (5 km, 2 km, 100 m) are not known here.
/// </summary>
/// <remarks>
/// Reckoned in whole milliseconds of arc, in which every border of every mesh is a whole number; a place on a border belongs to the
/// mesh north and east of it. Coordinates are rounded to a millionth of that (0.03 µm) first, so that a border that a binary number cannot
/// hold, such as 35°41′, is still the border.
/// </remarks>
public readonly record struct MeshCode
{
    // Of the 4-digit mesh: 40' by 1 degree.
    private const long LatMs = 2_400_000;
    private const long LonMs = 3_600_000;
    private const long MsPerDegree = 3_600_000;
    private const int FirstLonDegree = 100;
    private const int PartsPerMs = 1_000_000;

    private static readonly int[] Lengths = [4, 6, 8, 9, 10, 11];

    private MeshCode(long number, int digits) => (Number, Digits) = (number, digits);

    /// <summary>The code as a number; none begins with a zero in or near Japan, but <see cref="ToString"/> would keep it.</summary>
    public long Number { get; }

    /// <summary>4, 6, 8, 9, 10 or 11.</summary>
    public int Digits { get; }

    /// <summary>Where the mesh begins.</summary>
    public LonLat SouthWest => Corner(0, 0);

    /// <summary>Where it ends; this place belongs to the mesh beyond.</summary>
    public LonLat NorthEast => Corner(1, 1);

    /// <summary>Its middle.</summary>
    public LonLat Centre => Corner(0.5, 0.5);

    /// <summary>The mesh that holds a place.</summary>
    /// <param name="place">JGD2011; latitude 0 to 66.6, longitude 100 to 180.</param>
    /// <param name="digits">4, 6, 8, 9, 10 or 11.</param>
    /// <returns>Null when the place lies outside what the standard's codes can name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No mesh has so many digits.</exception>
    public static MeshCode? Of(LonLat place, int digits)
    {
        if (!Lengths.AsSpan().Contains(digits))
        {
            throw new ArgumentOutOfRangeException(nameof(digits), digits, "A mesh code has 4, 6, 8, 9, 10 or 11 digits.");
        }

        if (!(place.Lat >= 0 && place.Lat < 100 * LatMs / (double)MsPerDegree && place.Lon >= FirstLonDegree && place.Lon < 180))
        {
            return null;
        }

        long lat = Ms(place.Lat);
        long lon = Ms(place.Lon) - (FirstLonDegree * MsPerDegree);
        long code = (lat / LatMs * 100) + (lon / LonMs);
        (lat, lon) = (lat % LatMs, lon % LonMs);
        (long height, long width) = (LatMs, LonMs);
        for (int length = 6; length <= digits; length += length < 8 ? 2 : 1)
        {
            int parts = Parts(length);
            (height, width) = (height / parts, width / parts);
            (long row, long column) = (lat / height, lon / width);
            (lat, lon) = (lat % height, lon % width);
            code = length <= 8 ? (code * 100) + (row * 10) + column : (code * 10) + (row * 2) + column + 1;
        }

        return new MeshCode(code, digits);
    }

    /// <summary>Reads a code.</summary>
    /// <param name="text">ASCII digits only.</param>
    /// <param name="mesh">The mesh, or the default value.</param>
    /// <returns>False when it is no code of this series: another length, or a digit that cannot stand where it stands.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out MeshCode mesh)
    {
        mesh = default;
        if (!Lengths.AsSpan().Contains(text.Length) || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        bool isRight = text[2] < '8' // longitude 180 ends the column 79
            && (text.Length < 6 || (text[4] < '8' && text[5] < '8'))
            && (text.Length < 9 || !text[8..].ContainsAnyExceptInRange('1', '4'));
        mesh = isRight ? new MeshCode(long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), text.Length) : default;
        return isRight;
    }

    /// <summary>The larger mesh that this one lies in.</summary>
    /// <param name="digits">4, 6, 8, 9 or 10, and not more than its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such mesh, or a smaller one.</exception>
    public MeshCode Within(int digits)
    {
        if (digits > Digits || !Lengths.AsSpan().Contains(digits))
        {
            throw new ArgumentOutOfRangeException(nameof(digits), digits, $"A mesh of {Digits} digits lies in meshes of as many digits or fewer.");
        }

        long number = Number;
        for (int i = digits; i < Digits; i++)
        {
            number /= 10;
        }

        return new MeshCode(number, digits);
    }

    /// <summary>The code.</summary>
    public override string ToString() => Number.ToString($"D{Digits}", CultureInfo.InvariantCulture);

    private static long Ms(double degrees) => (long)Math.Round(degrees * MsPerDegree * PartsPerMs) / PartsPerMs;

    private static int Parts(int length) => length switch
    {
        6 => 8,
        8 => 10,
        _ => 2,
    };

    private LonLat Corner(double east, double north)
    {
        string text = ToString();
        long lat = ((text[0] - '0') * 10) + (text[1] - '0');
        long lon = ((text[2] - '0') * 10) + (text[3] - '0');
        long cells = 1; // how many of this mesh the 4-digit one has on a side
        for (int i = 4; i < text.Length; i += i < 8 ? 2 : 1)
        {
            int parts = Parts(i < 8 ? i + 2 : i + 1);
            int digit = text[i] - '1';
            (int row, int column) = i < 8 ? (text[i] - '0', text[i + 1] - '0') : (digit >> 1, digit & 1);
            (lat, lon, cells) = ((lat * parts) + row, (lon * parts) + column, cells * parts);
        }

        return new LonLat(
            ((FirstLonDegree * MsPerDegree) + ((lon + east) * LonMs / cells)) / MsPerDegree,
            (lat + north) * LatMs / cells / MsPerDegree);
    }
}
