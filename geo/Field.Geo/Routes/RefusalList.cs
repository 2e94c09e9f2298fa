using Field.Geo.Linear;
using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>Collects refusals; those of the same code and subject whose parts of the line touch become one, with the worst value. Beside them, what a permit kept from being one.</summary>
internal sealed class RefusalList
{
    private const double TouchM = 25;

    private readonly List<RouteRefusal> all = [];
    private readonly List<NoFlyZone> permitted = [];

    internal bool Any => all.Count > 0;

    /// <summary>The areas that are entered under a permit.</summary>
    internal IReadOnlyList<NoFlyZone> Permitted => permitted;

    internal void Permit(NoFlyZone zone)
    {
        if (!permitted.Contains(zone))
        {
            permitted.Add(zone);
        }
    }

    internal void Add(string code, string subject = "", double? value = null, double? limit = null) =>
        all.Add(new RouteRefusal(code) { Subject = subject, Value = value, Limit = limit });

    internal void AddPart(string code, string subject, double fromM, double toM, double? value = null, double? limit = null) =>
        all.Add(new RouteRefusal(code) { Subject = subject, FromM = Math.Min(fromM, toM), ToM = Math.Max(fromM, toM), Value = value, Limit = limit });

    internal void Range(string name, double value, double low, double high)
    {
        if (!(value >= low && value <= high))
        {
            all.Add(new RouteRefusal(RouteRefusalCodes.OutOfRange) { Subject = name, Value = value, Least = low, Limit = high });
        }
    }

    /// <param name="line">What parts are of.</param>
    /// <param name="plane">The line's.</param>
    /// <param name="levee">Names parts by its distance marks.</param>
    internal IReadOnlyList<RouteRefusal> Merged(Track? line, RoutePlane? plane, LeveeLine? levee = null)
    {
        var result = new List<RouteRefusal>(all.Where(r => r.FromM is null).Distinct());
        foreach (var group in all.Where(r => r.FromM is not null).GroupBy(r => (r.Code, r.Subject)))
        {
            RouteRefusal? open = null;
            foreach (var next in group.OrderBy(r => r.FromM))
            {
                if (open is not null && next.FromM <= open.ToM + TouchM)
                {
                    open = open with { ToM = Math.Max(open.ToM!.Value, next.ToM!.Value), Value = Worst(open.Value, next.Value) };
                    continue;
                }

                Close(open);
                open = next;
            }

            Close(open);
        }

        return result;

        void Close(RouteRefusal? refusal)
        {
            if (refusal is not null)
            {
                result.Add(line is null || plane is null ? refusal : Placed(refusal, Part(refusal, line, plane), levee));
            }
        }
    }

    private static RouteRefusal Placed(RouteRefusal refusal, LineString part, LeveeLine? levee) => refusal with
    {
        Part = part,
        Stretch = levee?.Stretch([Place(part.StartPoint), Place(part.EndPoint)]),
    };

    private static LonLat Place(Point point) => new(point.X, point.Y);

    private static LineString Part(RouteRefusal refusal, Track line, RoutePlane plane)
    {
        // A point has no length to draw: one metre stands for it.
        var from = Math.Clamp(refusal.FromM!.Value, 0, Math.Max(0, line.LengthM - 1));
        var to = Math.Clamp(refusal.ToM!.Value, from + 1, Math.Max(from + 1, line.LengthM));
        return (LineString)plane.ToLonLat(line.Between(from, to).Line);
    }

    private static double? Worst(double? a, double? b) => a is null || b is null ? a ?? b : Math.Max(a.Value, b.Value);
}
