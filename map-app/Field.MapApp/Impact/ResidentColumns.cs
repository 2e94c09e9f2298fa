using System.Text;
using Field.Ingest.Residents;

namespace Field.MapApp.Impact;

/// <summary>The columns of a residents file, by the usual names.</summary>
/// <param name="Columns">By position.</param>
/// <param name="IsGeographic">True for longitude and latitude, false for metres in a plane.</param>
internal sealed record ResidentColumns(ResidentColumn[] Columns, bool IsGeographic)
{
    private static readonly string[] Metres = ["east", "eastM", "north", "northM"];

    public bool Has(ResidentColumn column) => Columns.Contains(column);

    /// <summary>Reads the first line of a file.</summary>
    /// <exception cref="ImpactException">A column is missing or there twice.</exception>
    public static ResidentColumns Of(ReadOnlySpan<byte> header, string path)
    {
        string[] names = [.. Text(header).Split(',').Select(n => n.Trim().Trim('"').Trim())];
        ResidentColumn[] columns = [.. names.Select(ResidentColumnNames.Of).Select(c => c is ResidentColumn.Association or ResidentColumn.BirthDate ? ResidentColumn.Other : c)];
        foreach ((ResidentColumn column, string ja, string en) in ((ResidentColumn, string, string)[])[(ResidentColumn.East, "lon か 経度", "lon"), (ResidentColumn.North, "lat か 緯度", "lat")])
        {
            if (!columns.Contains(column))
            {
                throw new ImpactException(
                    $"{path}: 列 {ja} がありません。1行目に列の名前を書いてください（平面直角座標なら east と north、系は --crs）",
                    $"{path}: has no column {en}: the first line must name the columns (for a plane system east and north, and --crs says which)");
            }
        }

        if (columns.Where(c => c != ResidentColumn.Other).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            string same = string.Join(", ", names.Where((_, i) => columns[i] == twice.Key));
            throw new ImpactException($"{path}: 同じ意味の列が二つあります（{same}）。一つにしてください", $"{path}: two columns mean the same ({same}): keep one");
        }

        bool[] areMetres = [.. names.Where((_, i) => columns[i] is ResidentColumn.East or ResidentColumn.North).Select(n => Metres.Contains(n, StringComparer.OrdinalIgnoreCase))];
        return areMetres.Distinct().Count() == 1
            ? new ResidentColumns(columns, !areMetres[0])
            : throw new ImpactException($"{path}: 座標の列は lon と lat、または east と north にしてください", $"{path}: the place must be lon and lat, or east and north");
    }

    private static string Text(ReadOnlySpan<byte> header)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(header);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(header); // Shift_JIS, as Excel in Japan writes
        }
    }
}
