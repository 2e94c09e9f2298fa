namespace Field.Geo.Review;

/// <summary>
/// Which photos of a plan were taken: the nearest pairs of planned and taken photos first, each used once, not farther apart than three
/// quarters of the way between two photos of the track, or between two tracks above one another (at least 3 m, the error of a place), and looking the same way.
/// </summary>
internal static class PlanMatch
{
    private const double LeastReachM = 3;
    private const double ReachShare = 0.75;
    private const double YawDeg = 45;
    private const double PitchDeg = 15;
    private const double NadirDeg = -80;
    private const double UsualIntervalM = 10;

    public static IReadOnlyList<MissedPhoto> Missed(IReadOnlyList<ReviewPhoto> photos, IReadOnlyList<PlannedPhoto> plan)
    {
        if (plan.Count == 0)
        {
            return [];
        }

        LocalFrame frame = new(plan[0].Position);
        var reaches = plan.GroupBy(p => p.Track).ToDictionary(t => t.Key, t => ReachM([.. t], frame));
        var taken = photos.Select((p, i) => (Photo: p, Index: i)).Where(p => p.Photo.Stand is not null)
            .Select(p => (p.Index, p.Photo.IsUseful, p.Photo.Stand!, Place: frame.ToEastNorth(p.Photo.Stand!.Position), p.Photo.TakeOffHeightM)).ToArray();
        var highReachM = HighReachM(plan);
        var pairs =
            from p in plan.Select((p, i) => (Photo: p, Index: i, Place: frame.ToEastNorth(p.Position)))
            from t in taken
            let away = Distance(p.Place, t.Place)
            let above = Math.Abs(p.Photo.HeightM - t.TakeOffHeightM ?? 0)
            where away <= reaches[p.Photo.Track] && above <= highReachM && SameView(p.Photo, t.Item3)
            orderby t.IsUseful descending, double.Hypot(away, above)
            select (Planned: p.Index, Taken: t.Index, t.IsUseful);

        Dictionary<int, (int Photo, bool IsUseful)> found = [];
        HashSet<int> used = [];
        foreach (var (planned, photo, isUseful) in pairs)
        {
            if (!found.ContainsKey(planned) && used.Add(photo))
            {
                found[planned] = (photo, isUseful);
            }
        }

        return
        [
            .. plan.Select((p, i) => (Planned: p, Found: found.TryGetValue(i, out var f) ? f : default((int Photo, bool IsUseful)?)))
                .Where(p => p.Found is not { IsUseful: true })
                .Select(p => new MissedPhoto(p.Planned, p.Found is { } f ? photos[f.Photo].Name : null, Needed: true)),
        ];
    }

    private static double ReachM(PlannedPhoto[] track, LocalFrame frame)
    {
        double[] steps = [.. track.Zip(track.Skip(1)).Select(p => Distance(frame.ToEastNorth(p.First.Position), frame.ToEastNorth(p.Second.Position))).Order()];
        return Math.Max(LeastReachM, ReachShare * (steps.Length > 0 ? steps[steps.Length / 2] : UsualIntervalM));
    }

    private static double HighReachM(IReadOnlyList<PlannedPhoto> plan)
    {
        double[] heights = [.. plan.Select(p => p.HeightM).OfType<double>().Distinct().Order()];
        return Math.Max(LeastReachM, ReachShare * heights.Zip(heights.Skip(1), (low, high) => high - low).DefaultIfEmpty().Min());
    }

    /// <summary>Straight down the top of the photo may point anywhere.</summary>
    private static bool SameView(PlannedPhoto planned, CameraPose taken) =>
        Math.Abs(planned.PitchDeg - taken.PitchDeg) <= PitchDeg
        && (planned.PitchDeg <= NadirDeg || Math.Abs(Math.IEEERemainder(planned.YawDeg - taken.YawDeg, 360)) <= YawDeg);

    private static double Distance(EastNorth a, EastNorth b) => Math.Sqrt(Math.Pow(a.EastM - b.EastM, 2) + Math.Pow(a.NorthM - b.NorthM, 2));
}
