using NetTopologySuite.Geometries.Prepared;

namespace Field.Geo.Routes;

/// <summary>Refuses what of a leg lies out of sight or in a no-fly area; where, is counted along <paramref name="line"/>.</summary>
internal sealed class LegChecks(RouteRequest request, RoutePlane plane, Track line, RefusalList refusals, CancellationToken cancel)
{
    private readonly List<(NoFlyZone Zone, IPreparedGeometry Area)> noFly = [.. request.NoFly.Select(z => (z, PreparedGeometryFactory.Prepare(plane.ToPlane(z.Area))))];

    internal void Check(RouteLeg leg, RouteHome home)
    {
        CheckSight(leg, home);
        CheckNoFly(leg);
    }

    private void CheckSight(RouteLeg leg, RouteHome home)
    {
        var pilot = plane.ToPlane(home.Position);
        foreach (var place in leg.Photos.Select(p => p.Position).Concat(leg.Waypoints.Select(w => w.Position)).Select(plane.ToPlane))
        {
            cancel.ThrowIfCancellationRequested();
            var away = place.Distance(pilot);
            if (away > request.SightM)
            {
                var at = line.Project(place);
                var half = leg.IntervalM / 2;
                refusals.AddPart(
                    RouteRefusalCodes.BeyondSight, "", Math.Max(0, at - half), Math.Min(line.LengthM, at + half), away, request.SightM);
            }
        }
    }

    private void CheckNoFly(RouteLeg leg)
    {
        var path = RoutePlane.Metres.CreateLineString([.. leg.Waypoints.Select(w => plane.ToPlane(w.Position))]);
        foreach (var (zone, area) in noFly.Where(z => z.Area.Intersects(path)))
        {
            if (zone.Permit is not null)
            {
                refusals.Permit(zone);
                continue;
            }

            var inside = area.Geometry.Intersection(path);
            for (var i = 0; i < inside.NumGeometries && !inside.IsEmpty; i++)
            {
                double[] at = [.. inside.GetGeometryN(i).Coordinates.Select(line.Project)];
                refusals.AddPart(RouteRefusalCodes.NoFly, zone.Name, at.Min(), at.Max());
            }
        }
    }
}
