using System.Globalization;
using Field.Gdal;
using Field.Geo;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>Areas: districts, own polygons.</summary>
/// <param name="Ids">By number in <paramref name="Polygons"/>: ascending.</param>
/// <param name="Names">Likewise.</param>
/// <param name="Polygons">Where areas overlap the lowest id has the place.</param>
/// <param name="Outlines">Reads their outlines in lon, lat, by number: only a map needs them.</param>
internal sealed record AreaSet(
    IReadOnlyList<string> Ids, IReadOnlyList<string> Names, PolygonSet Polygons, Func<IReadOnlyList<NetTopologySuite.Geometries.Geometry>> Outlines);

/// <summary>One layer of a vector file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Layer">Its layer; null when it has no other.</param>
/// <param name="IsNamed">Asked for itself, not with all that is in a folder or file: then it must be of use.</param>
internal sealed record ImpactLayer(string Path, string? Layer, bool IsNamed)
{
    public string Name => Layer ?? System.IO.Path.GetFileNameWithoutExtension(Path);

    public string FileName => System.IO.Path.GetFileName(Path) + Suffix;

    private string Suffix => Layer is null ? "" : $" [{Layer}]";

    /// <inheritdoc/>
    public override string ToString() => Path + Suffix;
}

/// <summary>Reads hazards, areas and places out of vector files. Nothing is guessed: an unknown system or field is refused with what there is.</summary>
/// <param name="epsg">System of files that name none; null refuses them.</param>
/// <param name="encoding">Encoding of texts where files do not say it; null for what they say.</param>
/// <param name="chosen">Of files with several layers only those of these names; a file that has none of them is as if there were no names.</param>
internal sealed class ImpactFiles(int? epsg, string? encoding, IReadOnlyList<string> chosen)
{
    private static readonly string[] Extensions = [".shp", ".geojson", ".gpkg", ".kml", ".kmz"];
    private static readonly string[] Several = [".gpkg", ".kml", ".kmz"];
    private static readonly string[] RankNames = ["Max_Rank", "A31a_205", "A31a_105", "rank", "depth_rank", "浸水ランク", "浸水深ランク"];
    private static readonly string[] NameNames = ["name", "名称", "自治会名", "町内会名", "SAFIELD000"];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>The layers of the vector files that arguments name; a folder stands for all within.</summary>
    /// <param name="given">Files and folders.</param>
    /// <param name="match">Of a folder only files whose name holds this; null for all.</param>
    public IReadOnlyList<ImpactLayer> Find(IReadOnlyList<string> given, string? match)
    {
        List<ImpactLayer> found = [];
        foreach (string path in given)
        {
            if (!Directory.Exists(path))
            {
                found.AddRange(Layers(path, isNamed: true));
                continue;
            }

            int before = found.Count;
            found.AddRange(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant()) && (match is null || Path.GetFileName(f).Contains(match, StringComparison.Ordinal)))
                .Order(StringComparer.Ordinal).SelectMany(f => Layers(f, isNamed: false)));
            if (found.Count == before)
            {
                throw new ImpactException($"{path}: 読めるファイル（{string.Join(' ', Extensions)}）がありません", $"{path}: holds no file that can be read ({string.Join(' ', Extensions)})");
            }
        }

        return found;
    }

    /// <summary>The layer of a file of which only one can be used.</summary>
    public ImpactLayer One(string path) => Layers(path, isNamed: true) is [{ } one]
        ? one
        : throw new ImpactException(
            $"{path}: レイヤー（フォルダー）が複数あります。--layer で一つ選んでください（ある名前: {Named(path)}）",
            $"{path}: has several layers (folders): choose one with --layer; there is: {Named(path)}");

    /// <summary>When every file was looked at: a name that none of them has.</summary>
    public void RequireChosen()
    {
        if (chosen.FirstOrDefault(c => !seen.Contains(c)) is { } missing)
        {
            string there = seen.Count == 0 ? "-" : string.Join(", ", seen.Order(StringComparer.Ordinal));
            throw new ImpactException($"--layer: '{missing}' という名前のレイヤーはありません（ある名前: {there}）", $"--layer: no file has a layer '{missing}'; there is: {there}");
        }
    }

    /// <summary>A hazard layer, or null with a note when it has no classes and was not named itself.</summary>
    /// <param name="file">The layer.</param>
    /// <param name="rankField">The attribute that holds the class, or several with commas of which the first that is there counts; null for the usual names.</param>
    public (HazardSource? Source, ImpactNote? Note) Hazard(ImpactLayer file, string? rankField)
    {
        using VectorReader reader = Open(file, looseRings: true);
        int rank = Field(reader.Layer, rankField is null ? RankNames : rankField.Split(',', StringSplitOptions.TrimEntries));
        if (rank < 0)
        {
            string there = There(reader.Layer);
            return file.IsNamed || rankField is not null
                ? throw new ImpactException(
                    $"{file}: 浸水深の階級の列がありません。--rank-field で指定してください（ある列: {there}）",
                    $"{file}: has no field of classes: name it with --rank-field; there is: {there}")
                : (null, new ImpactNote($"{file.FileName}: 階級の列がないため使いません（ある列: {there}）", $"{file.FileName}: left out, it has no field of classes; there is: {there}"));
        }

        OfficialCrs crs = System(reader.Layer, file);
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        while (reader.Read() is { } row)
        {
            if (!TryClass(row.Values[rank], out int value))
            {
                throw new ImpactException(
                    $"{file}: {row.Row} 行目の階級 '{row.Values[rank]}' は 0 から {ImpactQuery.MaxClass} の整数ではありません",
                    $"{file}: row {row.Row}: class '{row.Values[rank]}' is no whole number from 0 to {ImpactQuery.MaxClass}");
            }

            if (value > 0 && row.Wkb is not null) // class 0 says that there is no water
            {
                Add(builder, row, value, crs, reader.HasLooseRings, file);
            }
        }

        return (new HazardSource(RiverOf(file), builder.Build()), null);
    }

    /// <summary>Districts or own polygons.</summary>
    /// <param name="file">The layer.</param>
    /// <param name="idField">Attribute of the id, of which the lower one counts where areas overlap; null for the order of the file.</param>
    /// <param name="nameField">Attribute of the name; null for the usual ones, else the id.</param>
    public AreaSet Areas(ImpactLayer file, string? idField, string? nameField)
    {
        using VectorReader reader = Open(file, looseRings: true);
        int id = Asked(reader.Layer, idField, "--by-id", file), name = nameField is null ? Field(reader.Layer, NameNames) : Asked(reader.Layer, nameField, "--by-name", file);
        OfficialCrs crs = System(reader.Layer, file);
        List<VectorFeature> rows = [];
        while (reader.Read() is { } row)
        {
            if (row.Wkb is not null)
            {
                rows.Add(row);
            }
        }

        VectorFeature[] sorted = id < 0 ? [.. rows] : [.. rows.OrderBy(r => r.Values[id] as long? ?? long.MaxValue).ThenBy(r => Text(r, id), StringComparer.Ordinal)];
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        for (int i = 0; i < sorted.Length; i++)
        {
            Add(builder, sorted[i], i, crs, reader.HasLooseRings, file);
        }

        string[] ids = [.. sorted.Select(r => id < 0 ? r.Row.ToString(CultureInfo.InvariantCulture) : Text(r, id))];
        long[] order = [.. sorted.Select(r => r.Row)];
        return new AreaSet(ids, [.. sorted.Select((r, i) => name < 0 ? ids[i] : Text(r, name))], builder.Build(), () => Outlines(file, order));
    }

    /// <summary>Places, such as shops: points, or the middle of what else they are.</summary>
    public IReadOnlyList<LonLat> Places(ImpactLayer file)
    {
        using VectorReader reader = Open(file, looseRings: false);
        OfficialCrs crs = System(reader.Layer, file);
        NetTopologySuite.IO.WKBReader wkb = new();
        List<LonLat> places = [];
        while (reader.Read() is { } row)
        {
            if (row.Wkb is not null)
            {
                NetTopologySuite.Geometries.Point middle = wkb.Read(row.Wkb).Centroid;
                places.Add(middle.IsEmpty ? throw Outside(file, row.Row, crs) : crs.ToLonLat(middle.X, middle.Y) ?? throw Outside(file, row.Row, crs));
            }
        }

        return places;
    }

    private NetTopologySuite.Geometries.Geometry[] Outlines(ImpactLayer file, long[] rows)
    {
        using VectorReader reader = Open(file, looseRings: false);
        OfficialCrs crs = System(reader.Layer, file);
        NetTopologySuite.IO.WKBReader wkb = new();
        Dictionary<long, NetTopologySuite.Geometries.Geometry> byRow = [];
        while (reader.Read() is { } row)
        {
            if (row.Wkb is not null)
            {
                byRow[row.Row] = crs.ToLonLat(wkb.Read(row.Wkb)) ?? throw Outside(file, row.Row, crs);
            }
        }

        return [.. rows.Select(r => byRow[r])];
    }

    /// <summary>Every layer that holds something, or those that were chosen.</summary>
    private IReadOnlyList<ImpactLayer> Layers(string path, bool isNamed)
    {
        IReadOnlyList<VectorLayer> all = Several.Contains(Path.GetExtension(path).ToLowerInvariant()) ? Vectors.Layers(path, new VectorOptions { Encoding = encoding }) : [];
        seen.UnionWith(all.Select(l => l.Name));
        if (all.Count <= 1)
        {
            return [new(path, null, isNamed)];
        }

        string[] named = [.. all.Select(l => l.Name).Where(chosen.Contains)];
        string[] taken = named.Length > 0 ? named : [.. all.Where(l => l.FeatureCount > 0 || all.All(o => o.FeatureCount == 0)).Select(l => l.Name)];
        return [.. taken.Select(l => new ImpactLayer(path, l, isNamed && (named.Length > 0 || taken.Length == 1)))];
    }

    private string Named(string path) => string.Join(", ", Layers(path, isNamed: true).Select(l => l.Name));

    private VectorReader Open(ImpactLayer file, bool looseRings) => Vectors.Open(file.Path, new VectorOptions { Layer = file.Layer, LooseRings = looseRings, Encoding = encoding });

    /// <summary>The river of <c>小石川_洪水浸水想定区域（想定最大規模）.shp</c>.</summary>
    private static string RiverOf(ImpactLayer file) => file.Name.Split('_')[0];

    private static bool TryClass(object? value, out int number)
    {
        number = value switch
        {
            long whole and >= 0 and <= ImpactQuery.MaxClass => (int)whole,
            double real when real >= 0 && real <= ImpactQuery.MaxClass && real == Math.Floor(real) => (int)real,
            string text when byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte parsed) => parsed,
            _ => -1,
        };
        return number >= 0;
    }

    private static void Add(PolygonSetBuilder builder, VectorFeature row, int value, OfficialCrs crs, bool hasLooseRings, ImpactLayer file)
    {
        switch (WkbPolygons.Add(builder, row.Wkb, value, crs, hasLooseRings))
        {
            case WkbOutcome.NotPolygons:
                throw new ImpactException($"{file}: {row.Row} 行目は多角形ではありません", $"{file}: row {row.Row} is no polygon");
            case WkbOutcome.Damaged:
                throw new ImpactException($"{file}: {row.Row} 行目の図形が読めません", $"{file}: the geometry of row {row.Row} cannot be read");
            case WkbOutcome.OutsideSystem:
                throw Outside(file, row.Row, crs);
        }
    }

    private static ImpactException Outside(ImpactLayer file, long row, OfficialCrs crs) => new(
        $"{file}: {row} 行目の座標が {crs.Name} (EPSG:{crs.Epsg}) の範囲にありません。座標系を確かめてください",
        $"{file}: row {row}: its coordinates are not of {crs.Name} (EPSG:{crs.Epsg}): check the system");

    private static string Text(VectorFeature row, int field) => Convert.ToString(row.Values[field], CultureInfo.InvariantCulture) ?? "";

    private static string There(VectorLayer layer) => string.Join(", ", layer.Fields.Select(f => f.Name));

    private static int Field(VectorLayer layer, string[] names) =>
        names.Select(n => layer.Fields.ToList().FindIndex(f => f.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(i => i >= 0, -1);

    private static int Asked(VectorLayer layer, string? name, string option, ImpactLayer file) => name is null
        ? -1
        : Field(layer, [name]) is >= 0 and var found
            ? found
            : throw new ImpactException($"{file}: 列 '{name}' がありません。{option} を直してください（ある列: {There(layer)}）", $"{file}: has no field '{name}': correct {option}; there is: {There(layer)}");

    private OfficialCrs System(VectorLayer layer, ImpactLayer file)
    {
        if ((layer.Crs?.Epsg ?? epsg) is not { } code)
        {
            string there = layer.Crs is { } unknown ? $"'{unknown.Name}'" : "-";
            throw new ImpactException(
                $"{file}: 座標系が分かりません（{there}）。--crs EPSG で指定してください（{OfficialCrs.Known}）",
                $"{file}: the coordinate system is not known ({there}): name it with --crs EPSG ({OfficialCrs.Known})");
        }

        if (OfficialCrs.IsTokyoDatum(code))
        {
            throw new ImpactException(
                $"{file}: EPSG:{code} は日本測地系で、約 450 m ずれます。TKY2JGD で世界測地系に変換してください",
                $"{file}: EPSG:{code} is on the Tokyo datum, about 450 m away: convert the file with TKY2JGD to JGD2011 first");
        }

        return OfficialCrs.Find(code) ?? throw new ImpactException($"{file}: EPSG:{code} は使えません（{OfficialCrs.Known}）", $"{file}: EPSG:{code} cannot be taken; there is: {OfficialCrs.Known}");
    }
}
