using System.Globalization;
using Field.Geo;
using Field.Store;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace Field.MapApp.Forms;

/// <summary>
/// The damage drawing (損傷図): the bridge from above in its own frame, its long axis across the paper, with its elements and numbered
/// damage, a north arrow and a scale bar. A bridge too long for the paper is cut into strips, one below the other.
/// </summary>
internal sealed class PlanBuilder
{
    public const double WidthMm = 260;
    public const double HeightMm = 118;
    private const double TopMm = 12;
    private const double StripGapMm = 9;
    private const double MarginMm = 4;
    private const int MaxStrips = 5;
    private const double TextMm = 2.5;

    private readonly List<PlanShape> _shapes = [];
    private readonly PlanLabels _labels = new(WidthMm, HeightMm, TopMm);
    private readonly bool _japanese;
    private readonly double _angle;
    private readonly LocalFrame _frame;
    private double _scale;

    private PlanBuilder(LonLat origin, Geometry[] inDegrees, bool japanese)
    {
        _japanese = japanese;
        _frame = new LocalFrame(origin);
        _angle = AxisAngle(inDegrees.Select(Metres));
    }

    /// <summary>Draws; null when neither the bridge nor any damage has a place.</summary>
    public static Plan? Draw(Feature bridge, IReadOnlyList<Feature> elements, IReadOnlyList<Damage> damages, bool japanese)
    {
        Geometry[] structure = [.. elements.Prepend(bridge).Select(a => a.Geometry).OfType<Geometry>().Where(g => !g.IsEmpty)];
        Geometry[] found = [.. damages.Select(PlaceOf).OfType<Geometry>()];
        Geometry[] axis = structure.Any(g => g.Dimension > Dimension.Point) ? structure : [.. structure, .. found];
        if (structure.Length + found.Length == 0)
        {
            return null;
        }

        Coordinate centre = new GeometryCollection([.. structure, .. found]).EnvelopeInternal.Centre;
        PlanBuilder builder = new(new LonLat(centre.X, centre.Y), axis, japanese);
        builder.Draw(bridge, elements, damages, [.. structure, .. found]);
        return new Plan(WidthMm, HeightMm, builder._shapes);
    }

    /// <summary>The damage on the map: its outline, else its centre; null when it has no place.</summary>
    public static Geometry? PlaceOf(Damage damage) => damage.Row.Geometry is { IsEmpty: false } outline ? outline
        : damage.Row.Real("centreLon") is { } lon && damage.Row.Real("centreLat") is { } lat ? GeometryFactory.Default.CreatePoint(new Coordinate(lon, lat)) : null;

    private void Draw(Feature bridge, IReadOnlyList<Feature> elements, IReadOnlyList<Damage> damages, Geometry[] all)
    {
        Envelope bounds = new();
        foreach (Geometry geometry in all)
        {
            bounds.ExpandToInclude(InFrame(geometry).EnvelopeInternal);
        }

        bounds.ExpandBy(Math.Max(0.5, bounds.Width * 0.01), Math.Max(0.5, bounds.Height * 0.05));
        int strips = StripsFor(bounds);
        _scale = ScaleOf(bounds, strips);
        double stripM = bounds.Width / strips;
        double stripMm = (bounds.Height * _scale) + StripGapMm;
        double spareMm = (HeightMm - TopMm - MarginMm - ((strips * stripMm) - StripGapMm)) / 2;
        List<(Damage Damage, (double X, double Y) At)> named = [];
        for (int i = 0; i < strips; i++)
        {
            Envelope box = new(bounds.MinX + (i * stripM), bounds.MinX + ((i + 1) * stripM), bounds.MinY, bounds.MaxY);
            (double X, double Y) corner = ((WidthMm - (stripM * _scale)) / 2, TopMm + Math.Max(0, spareMm) + (i * stripMm));
            Strip strip = new(box, corner, _scale);
            DrawStructure(strip, bridge, elements, strips > 1 ? $"{i + 1}/{strips}" : "");
            named.AddRange(DrawDamages(strip, damages, isLast: i == strips - 1));
        }

        foreach ((_, (double X, double Y) at) in named)
        {
            _labels.Avoid(at, DamageSymbol.RadiusMm);
        }

        foreach ((Damage damage, (double X, double Y) at) in named)
        {
            _shapes.AddRange(_labels.Place($"{damage.Number} {damage.Degree}", at, TextMm, PlanInk.Damage));
        }

        DrawFrame();
    }

    private void DrawStructure(Strip strip, Feature bridge, IReadOnlyList<Feature> elements, string name)
    {
        foreach (Feature element in elements.Where(e => e.Geometry is { IsEmpty: false }))
        {
            Geometry part = strip.Clip(InFrame(element.Geometry!));
            string code = element.Id[(element.Id.LastIndexOf('/') + 1)..];
            AddLines(strip, part, PlanInk.Element);
            if (!part.IsEmpty)
            {
                (double x, double y) = strip.ToPaper(part.InteriorPoint.Coordinate);
                PlanText text = new(PlanInk.Element, x, y + 0.8, 2, code, IsCentred: true);
                if (_labels.Reserve(text))
                {
                    _shapes.Add(text);
                }
            }
        }

        if (bridge.Geometry is { IsEmpty: false } outline)
        {
            AddLines(strip, strip.Clip(InFrame(outline)), PlanInk.Structure);
        }

        if (name.Length > 0)
        {
            _shapes.Add(new PlanText(PlanInk.Frame, strip.Corner.X, strip.Corner.Y - 1, 2.2, name));
        }
    }

    /// <summary>Each damage is drawn once, in the strip that holds its centre, so that its outline may reach a little beyond.</summary>
    private List<(Damage, (double X, double Y))> DrawDamages(Strip strip, IReadOnlyList<Damage> damages, bool isLast)
    {
        List<(Damage, (double X, double Y))> named = [];
        foreach (Damage damage in damages)
        {
            if (PlaceOf(damage) is not { } place || InFrame(place) is not { } outline || !strip.Has(outline.Centroid.Coordinate, isLast))
            {
                continue;
            }

            AddLines(strip, outline, PlanInk.Damage);
            (double X, double Y) at = strip.ToPaper(outline.Centroid.Coordinate);
            _shapes.Add(DamageSymbol.Of(damage.Class, at, PlanInk.Damage));
            named.Add((damage, at));
        }

        return named;
    }

    private void AddLines(Strip strip, Geometry geometry, PlanInk ink)
    {
        foreach (Geometry part in Parts(geometry).Where(p => !p.IsEmpty)) // what lies in another strip is empty in this one
        {
            switch (part)
            {
                case Polygon polygon:
                    _shapes.Add(new PlanPath(ink, strip.ToPaper(polygon.ExteriorRing), IsClosed: true, IsFilled: ink is PlanInk.Damage));
                    _shapes.AddRange(polygon.InteriorRings.Select(r => new PlanPath(ink, strip.ToPaper(r), IsClosed: true)));
                    break;
                case LineString line:
                    _shapes.Add(new PlanPath(ink, strip.ToPaper(line), IsClosed: false));
                    break;
                case Point point when ink is PlanInk.Structure or PlanInk.Element:
                    (double x, double y) = strip.ToPaper(point.Coordinate);
                    _shapes.Add(new PlanPath(ink, [(x - 1, y), (x + 1, y), (x, y), (x, y - 1), (x, y + 1)], IsClosed: false));
                    break;
                default:
                    break;
            }
        }
    }

    private void DrawFrame()
    {
        // The arrow points to where north is after the turn: (sin, cos) of the angle in the frame, y down on paper.
        (double sin, double cos) = Math.SinCos(_angle);
        (double X, double Y) Turned(double east, double north) => (12 + (east * cos) + (north * sin), 7.6 - (north * cos) + (east * sin));
        _shapes.Add(new PlanPath(PlanInk.Frame, [Turned(0, 4), Turned(1.4, -3), Turned(0, -1.6), Turned(-1.4, -3)], IsClosed: true, IsFilled: true));
        (double x, double y) = Turned(0, 5.4);
        _shapes.Add(new PlanText(PlanInk.Frame, x, y + 0.8, 2.6, "N", IsCentred: true));

        double barM = NiceLengthM(40 / _scale);
        double end = 24 + (barM * _scale);
        _shapes.Add(new PlanPath(PlanInk.Frame, [(24, 5), (24, 7), (end, 7), (end, 5)], IsClosed: false));
        string ratio = string.Create(CultureInfo.InvariantCulture, $"{barM:0.##} m　{(_japanese ? "縮尺 約" : "scale about")} 1:{RoundRatio(1000 / _scale):0}{(_japanese ? "（A4）" : " (A4)")}");
        _shapes.Add(new PlanText(PlanInk.Frame, end + 2, 7, TextMm, ratio));
        double legendX = 118;
        foreach ((string id, string[] classes) in DamageSymbol.Legend)
        {
            _shapes.Add(DamageSymbol.Of(id, (legendX, 5.4), PlanInk.Damage));
            string text = string.Join("・", classes.Select(c => DamageWords.Class(c, _japanese)));
            PlanText label = new(PlanInk.Frame, legendX + 2.4, 6.4, TextMm, text);
            _shapes.Add(label);
            legendX += label.WidthMm + 7;
        }
    }

    private static int StripsFor(Envelope bounds)
    {
        int best = 1;
        for (int n = 2; n <= MaxStrips; n++)
        {
            // Cutting costs the reader something: it has to pay.
            best = ScaleOf(bounds, n) > 1.3 * ScaleOf(bounds, best) ? n : best;
        }

        return best;
    }

    private static double ScaleOf(Envelope bounds, int strips) => Math.Min(
        (WidthMm - (2 * MarginMm)) / (bounds.Width / strips),
        ((HeightMm - TopMm - MarginMm - ((strips - 1) * StripGapMm)) / strips) / bounds.Height);

    private static double NiceLengthM(double most)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return (most / power) switch { >= 5 => 5, >= 2 => 2, _ => 1 } * power;
    }

    private static double RoundRatio(double ratio) => ratio < 100 ? Math.Round(ratio) : Math.Round(ratio / 10) * 10;

    /// <summary>Turns the frame so that the longer side of the least rectangle around the structure runs across the paper, east to the right where it can.</summary>
    private static double AxisAngle(IEnumerable<Geometry> metres)
    {
        Geometry rectangle = MinimumDiameter.GetMinimumRectangle(new GeometryCollection([.. metres]).ConvexHull());
        if (rectangle is Polygon { NumPoints: >= 5 } polygon)
        {
            Coordinate[] corner = polygon.Coordinates;
            (Coordinate from, Coordinate to) = corner[0].Distance(corner[1]) >= corner[1].Distance(corner[2]) ? (corner[0], corner[1]) : (corner[1], corner[2]);
            return Eastward(Math.Atan2(to.Y - from.Y, to.X - from.X));
        }

        return rectangle is LineString { IsEmpty: false } line ? Eastward(Math.Atan2(line.EndPoint.Y - line.StartPoint.Y, line.EndPoint.X - line.StartPoint.X)) : 0;
    }

    private static double Eastward(double angle) => angle > Math.PI / 2 ? angle - Math.PI : angle <= -Math.PI / 2 ? angle + Math.PI : angle;

    private Geometry InFrame(Geometry degrees) => AffineTransformation.RotationInstance(-_angle).Transform(Metres(degrees));

    private Geometry Metres(Geometry degrees) => LocalGeometry.ToMetres(degrees, _frame);

    private static IEnumerable<Geometry> Parts(Geometry geometry) => geometry is GeometryCollection many ? many.Geometries.SelectMany(Parts) : [geometry];

    /// <summary>A part of the frame and where it lies on the paper.</summary>
    private sealed class Strip(Envelope box, (double X, double Y) corner, double scale)
    {
        private readonly Geometry _area = GeometryFactory.Default.ToGeometry(box);

        public (double X, double Y) Corner => corner;

        public bool Has(Coordinate at, bool isLast) => at.X >= box.MinX && (at.X < box.MaxX || isLast);

        public Geometry Clip(Geometry geometry) => box.Covers(geometry.EnvelopeInternal)
            ? geometry
            : _area.Intersection(geometry.IsValid ? geometry : GeometryFixer.Fix(geometry));

        public (double X, double Y) ToPaper(Coordinate at) => (corner.X + ((at.X - box.MinX) * scale), corner.Y + ((box.MaxY - at.Y) * scale));

        public (double X, double Y)[] ToPaper(LineString line) => [.. line.Coordinates.Select(ToPaper)];
    }
}
