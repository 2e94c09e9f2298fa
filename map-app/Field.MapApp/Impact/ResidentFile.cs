using Field.Geo;
using Field.Geo.Impact;
using Field.Ingest.Residents;

namespace Field.MapApp.Impact;

/// <summary>The residents of a CSV file. Personal data: what is said of it names lines and columns, never what stands there.</summary>
/// <param name="Points">Rows that have a place.</param>
/// <param name="IsSynthetic">True when the file has a column <c>synthetic</c>: every output says so.</param>
/// <param name="WithoutPlace">Rows whose place is empty; they are counted nowhere.</param>
internal sealed record ResidentFile(ResidentPoints Points, bool IsSynthetic, int WithoutPlace)
{
    private const long ParallelBytes = 8 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">CSV (RFC 4180), UTF-8 or Shift_JIS, the first line names the columns (<see cref="ResidentColumns"/>).</param>
    /// <param name="epsg">System of the columns east and north; null when there are none.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ImpactException">What is wrong with it.</exception>
    public static ResidentFile Read(string path, int? epsg, int threads)
    {
        if (!File.Exists(path))
        {
            throw new ImpactException($"{path}: ファイルがありません", $"{path}: no such file");
        }

        return new FileInfo(path).Length <= Array.MaxLength
            ? Parse(File.ReadAllBytes(path), path, epsg, threads)
            : throw new ImpactException($"{path}: 2 GB を超えています。分けてください", $"{path}: is above 2 GB: divide it");
    }

    /// <summary>Reads the content of a file.</summary>
    public static ResidentFile Parse(byte[] content, string path, int? epsg, int threads)
    {
        ReadOnlySpan<byte> bytes = content;
        int begin = bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        int end = bytes[begin..].IndexOf((byte)'\n');
        ReadOnlySpan<byte> header = (end < 0 ? bytes[begin..] : bytes.Slice(begin, end)).TrimEnd((byte)'\r');
        ResidentColumns columns = ResidentColumns.Of(header, path);
        OfficialCrs? plane = columns.IsGeographic ? null : PlaneOf(epsg, path);
        int body = end < 0 ? bytes.Length : begin + end + 1;

        // A quoted field may hold a line's end, and a household must be met by one reader: then there is one.
        bool isDivisible = threads > 1 && content.Length >= ParallelBytes && !columns.Has(ResidentColumn.Household) && !bytes[body..].Contains((byte)'"');
        (int From, int To)[] parts = isDivisible ? Divide(content, body, threads) : [(body, content.Length)];
        ResidentRows[] rows = new ResidentRows[parts.Length];
        Parallel.For(0, parts.Length, i =>
        {
            rows[i] = new ResidentRows(columns, bytes: content.AsSpan(parts[i].From, parts[i].To - parts[i].From));
            rows[i].Read(content.AsSpan(parts[i].From, parts[i].To - parts[i].From));
        });
        Check(rows, path);
        ResidentPoints points = ResidentRows.Join(rows);
        if (plane is not null)
        {
            ToLonLat(points, plane, path);
        }

        return new ResidentFile(points, columns.Has(ResidentColumn.Synthetic), rows.Sum(r => r.WithoutPlace));
    }

    private static OfficialCrs PlaneOf(int? epsg, string path) => epsg is { } code && OfficialCrs.Find(code) is { IsGeographic: false } crs
        ? crs
        : throw new ImpactException(
            $"{path}: east と north の座標系が分かりません。--crs EPSG で指定してください（6669-6687、2443-2461）",
            $"{path}: the system of east and north is not known: name it with --crs EPSG (6669-6687, 2443-2461)");

    private static (int From, int To)[] Divide(byte[] content, int body, int parts)
    {
        (int, int)[] all = new (int, int)[parts];
        int from = body;
        for (int i = 0; i < parts; i++)
        {
            int about = Math.Max(from, body + (int)((long)(content.Length - body) * (i + 1) / parts));
            int next = i == parts - 1 ? -1 : content.AsSpan(about).IndexOf((byte)'\n');
            int to = next < 0 ? content.Length : about + next + 1;
            (all[i], from) = ((from, to), to);
        }

        return all;
    }

    private static void Check(ResidentRows[] rows, string path)
    {
        int before = 2; // the first line names the columns
        foreach (ResidentRows part in rows)
        {
            if (part.Fault is { } fault)
            {
                int line = before + fault.Line;
                string column = fault.Column.ToString();
                throw new ImpactException(
                    $"{path}: {line} 行目の {column} が読めません（{fault.Ja}）。直してからもう一度実行してください",
                    $"{path}: line {line}, {column} cannot be read ({fault.En}): correct it and run again");
            }

            before += part.Lines;
        }
    }

    private static void ToLonLat(ResidentPoints points, OfficialCrs plane, string path)
    {
        for (int i = 0; i < points.Count; i++)
        {
            if (plane.ToLonLat(points.Lon[i], points.Lat[i]) is not { } place)
            {
                throw new ImpactException(
                    $"{path}: 座標が {plane.Name} (EPSG:{plane.Epsg}) の範囲にありません。系と east・north の順を確かめてください",
                    $"{path}: coordinates are not of {plane.Name} (EPSG:{plane.Epsg}): check the system and the order of east and north");
            }

            (points.Lon[i], points.Lat[i]) = (place.Lon, place.Lat);
        }
    }
}
