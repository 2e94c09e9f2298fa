using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>
/// What must not be shown in the one table of an answer that is not rounded. A cell of one or two households is hidden however many people they are.
/// </summary>
internal sealed class ImpactMasks
{
    /// <summary>Fewer households than this are hidden.</summary>
    public const int LeastHouseholds = 3;

    private readonly Dictionary<(string Cut, string Measure), bool[,]> masks = [];

    private ImpactMasks(int minCell) => MinCell = minCell;

    /// <summary>Counts from 1 to under this are hidden; 1 hides nothing.</summary>
    public int MinCell { get; }

    /// <summary>The mask of a measure of a table, with totals; null when nothing of it is hidden.</summary>
    public bool[,]? Of(string cut, string measure) => masks.GetValueOrDefault((cut, measure));

    public static ImpactMasks Of(IReadOnlyList<ImpactCut> cuts, ResidentPoints points, int minCell)
    {
        ImpactMasks all = new(minCell);
        if (minCell <= 1)
        {
            return all;
        }

        foreach (ImpactCut cut in cuts.Where(c => !c.IsRounded))
        {
            bool[,] few = Few(cut, points);
            bool[,] people = all.Solve(cut, "people", c => c.People, few, null);
            if (points.Households is not null)
            {
                all.Solve(cut, "households", c => c.Households, few, null);
            }

            if (points.Aged65 is not null)
            {
                all.Solve(cut, "age65", c => c.Aged65, few, people);
            }

            if (points.NeedsSupport is not null)
            {
                all.Solve(cut, "needsSupport", c => c.NeedsSupport, few, people);
            }
        }

        return all;
    }

    private bool[,] Solve(ImpactCut cut, string measure, Func<ImpactCount, long> count, bool[,] few, bool[,]? wholeHidden) =>
        masks[(cut.Key, measure)] = CellSuppression.Hide(ImpactSheet.Counts(cut.Table, count), MinCell, wholeHidden is null ? null : ImpactSheet.Counts(cut.Table, c => c.People), wholeHidden, few);

    private static bool[,] Few(ImpactCut cut, ResidentPoints points)
    {
        long[,] households = ImpactSheet.Counts(cut.Table, c => c.Households);
        (int rows, int columns) = (households.GetLength(0), households.GetLength(1));
        bool[,] few = new bool[rows + 1, columns + 1];
        for (int r = 0; r <= rows && points.Households is not null; r++)
        {
            for (int c = 0; c <= columns; c++)
            {
                few[r, c] = ImpactSheet.Sum(households, r, c) is > 0 and < LeastHouseholds;
            }
        }

        return few;
    }
}
