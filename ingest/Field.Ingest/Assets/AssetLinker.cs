using Field.Geo;
using Field.Geo.Linear;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Assets;

/// <summary>
/// Links places to the nearest bridge, levee or road. Two that are as near as the error of the place are ambiguous; a road gives
/// way, because it runs over bridges and along levee crowns. Immutable.
/// </summary>
internal sealed class AssetLinker
{
    /// <summary>Nothing is told apart more finely than this, however good the camera's position is.</summary>
    private const double LeastToleranceM = 3;

    private const double MostToleranceM = 30;
    private const double MetresPerDegree = 110_000;
    private readonly Dictionary<string, Feature> _byId;
    private readonly Feature[] _structures;
    private readonly Dictionary<string, LeveeLine> _levees;
    private readonly LeveeNetwork _network;
    private readonly ILookup<string, Feature> _elements;

    public AssetLinker(IEnumerable<Feature> assets)
    {
        Feature[] all = [.. assets];
        _byId = all.ToDictionary(a => a.Id, StringComparer.Ordinal);
        _structures = [.. all.Where(a => a.Geometry is not null && a.Text("kind") is AssetKind.Bridge or AssetKind.Road)];
        _elements = all.Where(a => a.Text("kind") == AssetKind.Element && a.Geometry is not null).ToLookup(a => a.Text("parent") ?? "");
        ILookup<string, LedgerAsset> marks = all.Where(a => a.Text("kind") == AssetKind.Mark).Select(LedgerAsset.From).ToLookup(a => a.River ?? "");
        _levees = all.Where(a => a.Text("kind") == AssetKind.Levee).Select(LedgerAsset.From)
            .Select(a => a.Levee(marks[a.River ?? ""])).OfType<LeveeLine>().ToDictionary(l => l.Id, StringComparer.Ordinal);
        _network = new LeveeNetwork([.. _levees.Values]);
    }

    /// <summary>The asset of the id, or null.</summary>
    public Feature? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Bridge, levee and road, as far as they lie in the area or within the error of its place.</summary>
    public IReadOnlySet<string> KindsNear(Geometry area, double? errorM)
    {
        double withinM = Math.Min(Math.Max(LeastToleranceM, errorM ?? 0), MostToleranceM);
        LocalFrame frame = new(new LonLat(area.Centroid.X, area.Centroid.Y));
        Geometry metres = LocalGeometry.ToMetres(area, frame);
        Envelope around = area.EnvelopeInternal.Copy();
        double latDegrees = withinM / MetresPerDegree;
        around.ExpandBy(latDegrees / Math.Max(0.01, Math.Cos(double.DegreesToRadians(area.Centroid.Y))), latDegrees);
        return _byId.Values
            .Where(a => a.Text("kind") is AssetKind.Bridge or AssetKind.Levee or AssetKind.Road && a.Geometry?.EnvelopeInternal.Intersects(around) == true)
            .Where(a => LocalGeometry.ToMetres(a.Geometry!, frame).IsWithinDistance(metres, withinM))
            .Select(a => a.Text("kind")!).ToHashSet(StringComparer.Ordinal);
    }

    /// <param name="place">Where.</param>
    /// <param name="limitM">Assets farther away are not considered.</param>
    /// <param name="errorM">How far off the place may be, or null.</param>
    public AssetLink Link(LonLat place, double limitM, double? errorM)
    {
        double toleranceM = Math.Max(LeastToleranceM, errorM ?? 0);
        LeveePlace? levee = _network.Locate(place, limitM, toleranceM);
        (Feature Asset, double DistanceM)[] near = Near(_structures, place, limitM);
        (Feature Asset, double DistanceM)[] bridges = [.. near.Where(n => n.Asset.Text("kind") == AssetKind.Bridge)];
        double? bridgeM = bridges.Length > 0 ? bridges[0].DistanceM : null;
        double structureM = Math.Min(bridgeM ?? double.PositiveInfinity, levee?.DistanceM ?? double.PositiveInfinity);
        (Feature Asset, double DistanceM)[] roads = [.. near.Where(n => n.Asset.Text("kind") == AssetKind.Road && n.DistanceM + toleranceM < structureM)];
        if (roads.Length > 0)
        {
            return Of(roads, toleranceM, place, limitM, rivalM: null);
        }

        if (bridges.Length > 0 && !(levee?.DistanceM < bridgeM))
        {
            return Of(bridges, toleranceM, place, limitM, levee?.DistanceM);
        }

        return levee is null ? AssetLink.None(AssetLink.NoneNear) : Of(levee, bridgeM is { } m && m <= levee.DistanceM + toleranceM);
    }

    private AssetLink Of((Feature Asset, double DistanceM)[] near, double toleranceM, LonLat place, double limitM, double? rivalM)
    {
        (Feature asset, double distance) = near[0];
        bool isAmbiguous = (near.Length > 1 && near[1].DistanceM <= distance + toleranceM) || rivalM <= distance + toleranceM;
        (Feature Asset, double DistanceM)[] elements = Near([.. _elements[asset.Id]], place, limitM);
        bool isElementAmbiguous = elements.Length > 1 && elements[1].DistanceM <= elements[0].DistanceM + toleranceM;
        string? reason = isAmbiguous ? AssetLink.Ambiguous : isElementAmbiguous ? AssetLink.ElementAmbiguous : null;
        return new AssetLink(asset.Id, elements.Length > 0 ? elements[0].Asset.Id : null, null, null, null, null, distance, reason);
    }

    private static AssetLink Of(LeveePlace place, bool hasRival) => new(
        place.Line.Id, null, place.Line.River, place.Line.Bank?.ToString().ToLowerInvariant(), place.MarkKm, place.MarkOffsetM, place.DistanceM,
        hasRival ? AssetLink.Ambiguous : place.Reason switch
        {
            LinearReason.Ambiguous => AssetLink.Ambiguous,
            LinearReason.BeyondEnd => AssetLink.BeyondEnd,
            LinearReason.NoMarks => AssetLink.NoMarks,
            LinearReason.DisorderedMarks => AssetLink.DisorderedMarks,
            _ => null,
        });

    /// <summary>Within the limit, nearest first; ids decide between equals, so that linking again gives the same.</summary>
    private static (Feature Asset, double DistanceM)[] Near(Feature[] assets, LonLat place, double limitM)
    {
        double latDegrees = limitM / MetresPerDegree;
        double lonDegrees = latDegrees / Math.Max(0.01, Math.Cos(double.DegreesToRadians(place.Lat)));
        Envelope around = new(place.Lon - lonDegrees, place.Lon + lonDegrees, place.Lat - latDegrees, place.Lat + latDegrees);
        LocalFrame frame = new(place);
        return
        [
            .. assets.Where(a => a.Geometry!.EnvelopeInternal.Intersects(around)).Select(a => (a, DistanceM(a.Geometry!, frame)))
                .Where(p => p.Item2 <= limitM).OrderBy(p => p.Item2).ThenBy(p => p.a.Id, StringComparer.Ordinal),
        ];
    }

    private static double DistanceM(Geometry geometry, LocalFrame frame)
    {
        Geometry metres = LocalGeometry.ToMetres(geometry, frame);
        return metres.Distance(metres.Factory.CreatePoint(new Coordinate(0, 0)));
    }
}
