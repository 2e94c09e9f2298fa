using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Buffer;

namespace Field.Geo.Routes;

/// <summary>
/// Plans a corridor along a levee line. The line is cut between the home points, each part gets parallel tracks flown to and fro,
/// and the tracks are given to batteries. On a track the first photo shows the track's beginning and the last its end, in the middle of
/// the photo; between them the photos follow at the distance that gives the front overlap exactly. Neighbouring tracks are as far
/// apart as the side overlap says, so the outer photos reach beyond the corridor rather than the overlap growing.
/// Pure and synchronous.
/// </summary>
public static class LeveePlanner
{
    /// <summary>The line may be off by this much after points that do not matter were left out.</summary>
    private const double SimplifyM = 0.5;

    /// <summary>A home point that is proposed sees this share of the sight distance along the line; the rest is for the corridor's width.</summary>
    private const double SightShare = 0.8;

    private const double HomeSearchStepM = 10;

    /// <summary>Plans the route, or says everything that stands against it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancel">Gives up, soon.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static RoutePlan Plan(LeveeRouteRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var refusals = new RefusalList();
        var sound = RouteChecks.Levee(request, refusals);
        if (RouteChecks.Line(request.Line, refusals) is not var (plane, drawn) || !sound)
        {
            return new RoutePlan { Request = request, Refusals = refusals.Merged(null, null), Homes = request.Homes };
        }

        var line = drawn.Simplify(SimplifyM);
        var photo = PhotoGround.Of(request);
        RouteChecks.TooFast(request, photo.IntervalM, refusals);
        var homes = request.Homes.Count > 0 ? request.Homes : Proposed(line, plane, request.SightM);
        var tracks = TrackCount(request, photo);
        if (!RouteChecks.Amount(refusals, tracks * homes.Count, tracks * ((line.LengthM / photo.IntervalM) + (2 * homes.Count)), request.Ground.Count + line.Points.Count))
        {
            return new RoutePlan { Request = request, Refusals = refusals.Merged(line, plane, request.Levee), Homes = homes, BaseLine = (LineString)plane.ToLonLat(line.Line) };
        }

        var legs = new LeveeLegs(request, plane, line, photo, refusals, cancel);
        var splitter = new FlightSplitter(request, plane, refusals);
        var (all, flights) = (new List<RouteLeg>(), new List<RouteFlight>());
        var (rights, part) = (Rights(request, photo), 0);
        foreach (var (home, fromM, toM) in Parts(line, plane, homes))
        {
            part++;
            var partLegs = legs.Of(part, line.Between(fromM, toM), rights, home);
            all.AddRange(partLegs);
            flights.AddRange(splitter.Split(home, partLegs, 0, flights.Count + 1));
        }

        var refused = refusals.Merged(line, plane, request.Levee);
        return Covered(request, plane, line, all, cancel) with
        {
            Refusals = refused,
            Permitted = refusals.Permitted,
            Homes = homes,
            Flights = refused.Count > 0 ? [] : flights,
            BaseLine = (LineString)plane.ToLonLat(line.Line),
            Gsd = Gsd(request, all),
            IntervalM = photo.IntervalM,
            SpacingM = rights.Count > 1 ? photo.SpacingM : 0,
        };
    }

    /// <summary>Distances of the tracks to the right of the line.</summary>
    private static List<double> Rights(LeveeRouteRequest request, PhotoGround photo)
    {
        var count = (int)TrackCount(request, photo);
        return [.. Enumerable.Range(0, count).Select(i => request.OffsetM + ((i - ((count - 1) / 2.0)) * photo.SpacingM))];
    }

    private static double TrackCount(LeveeRouteRequest request, PhotoGround photo) =>
        Math.Max(1, Math.Ceiling((request.WidthM + (2 * SimplifyM) - photo.NarrowM) / photo.SpacingM) + 1);

    private static List<RouteHome> Proposed(Track line, RoutePlane plane, double sightM)
    {
        var count = Math.Max(1, (int)Math.Ceiling(line.LengthM / (2 * SightShare * sightM)));
        return [.. Enumerable.Range(0, count).Select(i => new RouteHome(plane.ToLonLat(line.At((i + 0.5) * line.LengthM / count))))];
    }

    /// <summary>The line cut where another home point becomes the nearest.</summary>
    private static List<(RouteHome Home, double FromM, double ToM)> Parts(Track line, RoutePlane plane, IReadOnlyList<RouteHome> homes)
    {
        var places = homes.Select(h => plane.ToPlane(h.Position)).ToArray();
        var steps = Math.Max(1, (int)Math.Ceiling(line.LengthM / HomeSearchStepM));
        var parts = new List<(RouteHome Home, double FromM, double ToM)>();
        for (var i = 0; i < steps; i++)
        {
            var (from, to) = (i * line.LengthM / steps, (i + 1) * line.LengthM / steps);
            var middle = line.At((from + to) / 2);
            var nearest = homes[Enumerable.Range(0, places.Length).MinBy(h => places[h].Distance(middle))];
            if (parts.Count > 0 && ReferenceEquals(parts[^1].Home, nearest))
            {
                parts[^1] = (nearest, parts[^1].FromM, to);
            }
            else
            {
                parts.Add((nearest, from, to));
            }
        }

        return parts;
    }

    private static RoutePlan Covered(LeveeRouteRequest request, RoutePlane plane, Track line, IReadOnlyList<RouteLeg> legs, CancellationToken cancel)
    {
        var flat = new BufferParameters(8, EndCapStyle.Flat, JoinStyle.Mitre, 2);
        var corridor = RoutePlane.Metres.BuildGeometry(
            line.Parallel(request.OffsetM).Select(t => new BufferOp(t.Line, flat).GetResultGeometry(request.WidthM / 2)));
        var (share, gaps) = Coverage.Of(corridor, legs.SelectMany(l => l.Photos), request.Camera, plane, cancel);
        return new RoutePlan
        {
            Request = request,
            Legs = legs,
            Target = plane.ToLonLat(corridor),
            CoverageShare = share,
            Gaps = [.. gaps.Select(g => (Polygon)plane.ToLonLat(g))],
        };
    }

    /// <summary>Every photo has the same height and pitch: one speaks for all.</summary>
    private static RouteGsd Gsd(LeveeRouteRequest request, IReadOnlyList<RouteLeg> legs)
    {
        if (legs.SelectMany(l => l.Photos).FirstOrDefault() is not { } photo)
        {
            return default;
        }

        var projection = RoutePlan.Projection(request.Camera, photo);
        const int Steps = 8;
        double[] gsd =
        [
            .. from x in Enumerable.Range(0, Steps + 1)
               from y in Enumerable.Range(0, Steps + 1)
               let point = projection.PixelToGround(x * request.Camera.WidthPx / (double)Steps, y * request.Camera.HeightPx / (double)Steps)
               where point is not null
               select point.Value.GsdM,
        ];
        return new RouteGsd(gsd.Min(), gsd.Average(), gsd.Max());
    }
}
