using Field.Geo;
using Field.Ingest.Photos;
using Field.Store;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Distance;

namespace Field.Ingest.Findings;

/// <summary>A photo with its findings as merging sees them: on one plane, in metres, merged ones too.</summary>
internal sealed class MergePhoto
{
    private readonly GroundProjection _projection;

    /// <param name="photo">The photo's row.</param>
    /// <param name="ground">Where it lies.</param>
    /// <param name="findings">Its findings, without superseded ones.</param>
    /// <param name="frame">The plane.</param>
    public MergePhoto(Feature photo, PhotoGround ground, IEnumerable<Feature> findings, LocalFrame frame)
    {
        (Photo, _projection) = (photo, ground.Projection);
        Nodes = [.. findings.Select(f => MergeNode.Of(f, this, _projection, frame)).OfType<MergeNode>().OrderBy(n => n.Finding.Id, StringComparer.Ordinal)];
    }

    public Feature Photo { get; }

    /// <summary>Findings that have an outline on the ground, by id.</summary>
    public IReadOnlyList<MergeNode> Nodes { get; }

    /// <summary>True when the photo shows the place.</summary>
    public bool Shows(LonLat place) =>
        _projection.GroundToPixel(place) is { } at && at.X >= 0 && at.Y >= 0 && at.X <= _projection.Intrinsics.WidthPx && at.Y <= _projection.Intrinsics.HeightPx;
}

/// <summary>A finding as merging sees it.</summary>
internal sealed class MergeNode
{
    private const int Samples = 48;
    private readonly Lazy<IndexedFacetDistance> _distance;
    private readonly Lazy<(Coordinate Metres, LonLat Place)[]> _samples;

    private MergeNode(Feature finding, MergePhoto photo, Geometry onMap, LocalFrame frame)
    {
        (Finding, Photo, OnMap) = (finding, photo, onMap);
        Outline = LocalGeometry.ToMetres(onMap, frame);
        _distance = new Lazy<IndexedFacetDistance>(() => new IndexedFacetDistance(Outline));
        _samples = new Lazy<(Coordinate, LonLat)[]>(() => [.. Along(Outline).Select(c => (c, frame.ToLonLat(new EastNorth(c.X, c.Y))))]);
    }

    public Feature Finding { get; }

    public MergePhoto Photo { get; }

    /// <summary>The outline in lon, lat.</summary>
    public Geometry OnMap { get; }

    /// <summary>The outline in metres.</summary>
    public Geometry Outline { get; }

    /// <summary>Diagonal of the box around the outline.</summary>
    public double ExtentM => double.Hypot(Outline.EnvelopeInternal.Width, Outline.EnvelopeInternal.Height);

    public string Class => Finding.Text("class") ?? "";

    public bool IsDecided => FindingRow.IsDecided(Finding);

    public double ErrorM => Finding.Real("errorM") ?? 0;

    /// <summary>Places along the outline at even distances.</summary>
    public IReadOnlyList<(Coordinate Metres, LonLat Place)> Points => _samples.Value;

    public static MergeNode? Of(Feature finding, MergePhoto photo, GroundProjection projection, LocalFrame frame) =>
        (finding.Geometry ?? PhotoPlacement.OnMap(FindingRow.OnGround(FindingOutline.Rings(finding.Text("pixelRings")), projection))) is { IsEmpty: false } onMap
            ? new MergeNode(finding, photo, onMap, frame)
            : null;

    /// <summary>True when the point lies in the outline or this near to it.</summary>
    public bool IsNear(Coordinate point, double withinM)
    {
        Envelope box = Outline.EnvelopeInternal;
        if (point.X < box.MinX - withinM || point.X > box.MaxX + withinM || point.Y < box.MinY - withinM || point.Y > box.MaxY + withinM)
        {
            return false;
        }

        Point place = Outline.Factory.CreatePoint(point);
        return _distance.Value.Distance(place) <= withinM || Outline.Intersects(place);
    }

    private static IEnumerable<Coordinate> Along(Geometry outline)
    {
        NetTopologySuite.LinearReferencing.LengthIndexedLine line = new(outline.Boundary);
        double step = outline.Boundary.Length / Samples;
        return Enumerable.Range(0, Samples).Select(i => line.ExtractPoint((i + 0.5) * step));
    }
}
