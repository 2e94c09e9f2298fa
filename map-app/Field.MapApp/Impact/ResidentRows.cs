using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using Field.Geo.Impact;
using Field.Ingest.Residents;

namespace Field.MapApp.Impact;

/// <summary>Why a field cannot be read: its line, counted from 0 within the part that was read.</summary>
internal sealed record RowFault(int Line, ResidentColumn Column, string Ja, string En);

/// <summary>
/// The rows of a part of a residents file, column by column, read in one pass over its bytes, without a string or an object for each field:
/// headquarters waits for it.
/// </summary>
internal sealed class ResidentRows
{
    private const int MostPeople = 100_000;
    private const int MostYears = 150;
    private static readonly SearchValues<byte> FieldEnds = SearchValues.Create(",\n"u8);
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    private readonly ResidentColumn[] columns;
    private readonly bool isGeographic;
    private readonly double[] east;
    private readonly double[] north;
    private readonly int[]? people;
    private readonly int[]? aged65;
    private readonly int[]? needsSupport;
    private readonly int[]? households;
    private readonly HashSet<long> numbers = [];
    private readonly HashSet<string> names = [];
    private (long Number, string? Name) household; // of the row being read, when it is the household's first
    private int count;

    /// <param name="columns">What is where.</param>
    /// <param name="bytes">What will be read: tells how many rows there are at most.</param>
    public ResidentRows(ResidentColumns columns, ReadOnlySpan<byte> bytes)
    {
        (this.columns, isGeographic) = (columns.Columns, columns.IsGeographic);
        int most = bytes.Count((byte)'\n') + 1;
        (east, north) = (new double[most], new double[most]);
        people = columns.Has(ResidentColumn.People) ? new int[most] : null;
        aged65 = columns.Has(ResidentColumn.Aged65) || columns.Has(ResidentColumn.Age) ? new int[most] : null;
        needsSupport = columns.Has(ResidentColumn.NeedsSupport) ? new int[most] : null;
        households = columns.Has(ResidentColumn.Household) ? new int[most] : null;
    }

    /// <summary>Lines read, empty ones included.</summary>
    public int Lines { get; private set; }

    /// <summary>Rows without a place.</summary>
    public int WithoutPlace { get; private set; }

    /// <summary>The first fault; reading ended there.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>All rows of all parts, in order.</summary>
    public static ResidentPoints Join(ResidentRows[] parts) => new(Join(parts, p => p.east), Join(parts, p => p.north))
    {
        People = parts[0].people is null ? null : Join(parts, p => p.people!),
        Aged65 = parts[0].aged65 is null ? null : Join(parts, p => p.aged65!),
        NeedsSupport = parts[0].needsSupport is null ? null : Join(parts, p => p.needsSupport!),
        Households = parts[0].households is null ? null : Join(parts, p => p.households!),
    };

    /// <summary>Reads rows until the end or the first fault.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // one call reads everything: it would stay unoptimised
    public void Read(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty && Fault is null)
        {
            if (rest[0] is (byte)'\n' or (byte)'\r')
            {
                Lines += rest[0] == '\n' ? 1 : 0;
                rest = rest[1..];
                continue;
            }

            east[count] = north[count] = double.NaN;
            household = default;
            rest = Row(rest);
            Lines++;
            if (Fault is null)
            {
                Keep();
            }
        }
    }

    private ReadOnlySpan<byte> Row(ReadOnlySpan<byte> rest)
    {
        for (int column = 0; ; column++)
        {
            bool isLast;
            ReadOnlySpan<byte> field;
            if (!rest.IsEmpty && rest[0] == '"')
            {
                field = Quoted(ref rest, out isLast);
            }
            else
            {
                int end = rest.IndexOfAny(FieldEnds);
                isLast = end < 0 || rest[end] == '\n';
                field = end < 0 ? rest : rest[..end];
                rest = end < 0 ? [] : rest[(end + 1)..];
            }

            if (column < columns.Length && columns[column] != ResidentColumn.Other)
            {
                Take(columns[column], field.Trim(" \t\r"u8));
            }

            if (isLast)
            {
                return rest;
            }
        }
    }

    /// <summary>A field in quotes; doubled quotes within it are left doubled: no column that is read holds any.</summary>
    private ReadOnlySpan<byte> Quoted(scoped ref ReadOnlySpan<byte> rest, out bool isLast)
    {
        int end = 1;
        while (end < rest.Length && (rest[end] != '"' || (end + 1 < rest.Length && rest[end + 1] == '"')))
        {
            Lines += rest[end] == '\n' ? 1 : 0;
            end += rest[end] == '"' ? 2 : 1;
        }

        ReadOnlySpan<byte> field = rest[1..Math.Min(end, rest.Length)];
        rest = rest[Math.Min(end + 1, rest.Length)..];
        int next = rest.IndexOfAny(FieldEnds);
        isLast = next < 0 || rest[next] == '\n';
        rest = next < 0 ? [] : rest[(next + 1)..];
        return field;
    }

    private void Take(ResidentColumn column, ReadOnlySpan<byte> field)
    {
        switch (column)
        {
            case ResidentColumn.East:
                east[count] = Coordinate(field, column, isGeographic ? 180 : double.MaxValue);
                break;
            case ResidentColumn.North:
                north[count] = Coordinate(field, column, isGeographic ? 90 : double.MaxValue);
                break;
            case ResidentColumn.People:
                people![count] = Whole(field, column, MostPeople);
                break;
            case ResidentColumn.Aged65:
                aged65![count] = Whole(field, column, MostPeople);
                break;
            case ResidentColumn.Age when !columns.Contains(ResidentColumn.Aged65):
                aged65![count] = Whole(field, column, MostYears) >= 65 ? 1 : 0;
                break;
            case ResidentColumn.NeedsSupport:
                needsSupport![count] = Whole(field, column, MostPeople);
                break;
            case ResidentColumn.Household:
                households![count] = IsFirstOfHousehold(field) ? 1 : 0;
                break;
            default:
                break;
        }
    }

    private void Keep()
    {
        if (double.IsNaN(east[count]) || double.IsNaN(north[count]))
        {
            WithoutPlace++;
            _ = household.Name is null ? numbers.Remove(household.Number) : names.Remove(household.Name); // another of the household may have a place
            return; // the next row overwrites this one
        }

        count++;
    }

    /// <summary>A number as it is written in files, exactly: up to 15 digits are a whole number divided by a power of ten, both of which doubles hold.</summary>
    private double Coordinate(ReadOnlySpan<byte> field, ResidentColumn column, double most)
    {
        if (field.IsEmpty)
        {
            return double.NaN;
        }

        (long digits, int seen, int decimals, bool isPlain) = (0, 0, -1, true);
        foreach (byte b in field[0] == '-' ? field[1..] : field)
        {
            if (b == '.' && decimals < 0)
            {
                decimals = 0;
            }
            else if (b is >= (byte)'0' and <= (byte)'9' && seen < 15)
            {
                digits = (digits * 10) + (b - '0');
                seen++;
                decimals += decimals < 0 ? 0 : 1;
            }
            else
            {
                isPlain = false;
                break;
            }
        }

        double value = isPlain && seen > 0
            ? (field[0] == '-' ? -1 : 1) * (digits / Powers[Math.Max(0, decimals)])
            : Utf8Parser.TryParse(field, out double other, out int used) && used == field.Length ? other : double.NaN;
        if (!(Math.Abs(value) <= most))
        {
            Fault ??= double.IsNaN(value)
                ? new RowFault(Lines, column, "数ではありません", "not a number")
                : new RowFault(Lines, column, "範囲の外です", "out of range");
        }

        return value;
    }

    private int Whole(ReadOnlySpan<byte> field, ResidentColumn column, int most)
    {
        if (field.IsEmpty)
        {
            return 0;
        }

        if (Utf8Parser.TryParse(field, out int value, out int used) && used == field.Length && value >= 0 && value <= most)
        {
            return value;
        }

        Fault ??= new RowFault(Lines, column, $"0 から {most} の整数で書いてください", $"write a whole number from 0 to {most}");
        return 0;
    }

    /// <summary>True for the first row of a household; a row without a number is a household of its own.</summary>
    private bool IsFirstOfHousehold(ReadOnlySpan<byte> field)
    {
        if (field.IsEmpty)
        {
            return true;
        }

        if (field[0] is >= (byte)'1' and <= (byte)'9' && Utf8Parser.TryParse(field, out long number, out int used) && used == field.Length)
        {
            bool isNew = numbers.Add(number);
            household = isNew ? (number, null) : default;
            return isNew;
        }

        string name = Encoding.Latin1.GetString(field); // bytes are compared, whatever their encoding
        bool isFirst = names.Add(name);
        household = isFirst ? (0, name) : default; // no household has the number 0: it begins with 1 to 9
        return isFirst;
    }

    private static T[] Join<T>(ResidentRows[] parts, Func<ResidentRows, T[]> column)
    {
        T[] first = column(parts[0]);
        if (parts.Length == 1 && first.Length == parts[0].count)
        {
            return first;
        }

        T[] all = new T[parts.Sum(p => p.count)];
        int at = 0;
        foreach (ResidentRows part in parts)
        {
            column(part).AsSpan(0, part.count).CopyTo(all.AsSpan(at));
            at += part.count;
        }

        return all;
    }
}
