using Field.Geo;
using Field.Geo.Routes;
using Field.Ingest.Board;
using Field.MapApp.Forms;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Routes;

/// <summary>The no-fly areas that a data folder keeps, in every route that is planned with it.</summary>
internal static class KeptNoFly
{
    /// <summary>Degrees around line and home points: more than two kilometres, and no track with its turns and ways leaves them by half of it.</summary>
    private const double AroundDeg = 0.03;

    public static async Task<RouteRequest> AddAsync(RouteRequest request, IFeatureStore store, TimeProvider time, CancellationToken cancel)
    {
        IEnumerable<Coordinate> places = request is BridgeRouteRequest bridge ? Places(bridge.Axis).Concat(bridge.Outline.Coordinates) : Places(((LeveeRouteRequest)request).Line);
        Envelope near = new(places.Concat(Places(request.Homes.Select(h => h.Position))));
        near.ExpandBy(AroundDeg);
        DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(FormRequest.JapanOffset).DateTime);
        IReadOnlyList<NoFlyZone> kept = await NoFlyAreas.ReadAsync(store, today, near, cancel).ConfigureAwait(false);
        return kept.Count == 0 ? request : request with { NoFly = [.. request.NoFly, .. kept] };
    }

    private static IEnumerable<Coordinate> Places(IEnumerable<LonLat> places) => places.Select(p => new Coordinate(p.Lon, p.Lat));
}
