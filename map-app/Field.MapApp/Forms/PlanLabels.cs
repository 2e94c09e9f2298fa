namespace Field.MapApp.Forms;

/// <summary>Finds each label a free place near what it names, so that numbers stay readable where damage lies close together.</summary>
internal sealed class PlanLabels(double widthMm, double heightMm, double topMm)
{
    private static readonly (double X, double Y)[] Directions = [(1, -1), (1, 1), (-1, -1), (-1, 1), (0, -1.4), (0, 1.4), (1.4, 0), (-1.4, 0)];
    private static readonly double[] DistancesMm = [2.2, 4, 6.5, 9.5, 13];
    private readonly List<(double Left, double Top, double Right, double Bottom)> _taken = [];

    /// <summary>Keeps labels off what is drawn there.</summary>
    public void Avoid((double X, double Y) at, double radiusMm) => _taken.Add((at.X - radiusMm, at.Y - radiusMm, at.X + radiusMm, at.Y + radiusMm));

    /// <summary>Takes the place of a text that cannot move; false when something is there.</summary>
    public bool Reserve(PlanText text)
    {
        double left = text.IsCentred ? text.X - (text.WidthMm / 2) : text.X;
        (double, double, double, double) box = (left, text.Y - text.SizeMm, left + text.WidthMm, text.Y + 0.4);
        if (!IsFree(box))
        {
            return false;
        }

        _taken.Add(box);
        return true;
    }

    /// <summary>The label and, where it stands away, a line to its place. Where nothing is free it stands at the farthest try.</summary>
    public IEnumerable<PlanShape> Place(string text, (double X, double Y) at, double sizeMm, PlanInk ink)
    {
        double width = PlanText.WidthOf(text, sizeMm);
        (double Left, double Top, double Right, double Bottom) box = default;
        foreach (double distance in DistancesMm)
        {
            foreach ((double dx, double dy) in Directions)
            {
                double middle = at.X + (dx * distance) + (Math.Sign(dx) * width / 2);
                double top = at.Y + (dy * distance) - (sizeMm / 2);
                box = (middle - (width / 2), top, middle + (width / 2), top + sizeMm + 0.4);
                if (IsFree(box))
                {
                    return Shapes(text, at, box, sizeMm, ink);
                }
            }
        }

        return Shapes(text, at, box, sizeMm, ink);
    }

    private PlanShape[] Shapes(string text, (double X, double Y) at, (double Left, double Top, double Right, double Bottom) box, double sizeMm, PlanInk ink)
    {
        _taken.Add(box);
        double nearX = Math.Clamp(at.X, box.Left, box.Right);
        double nearY = Math.Clamp(at.Y, box.Top, box.Bottom);
        return [new PlanPath(PlanInk.Leader, [at, (nearX, nearY)], IsClosed: false), new PlanText(ink, box.Left, box.Bottom - 0.6, sizeMm, text)];
    }

    private bool IsFree((double Left, double Top, double Right, double Bottom) box) =>
        box.Left >= 0 && box.Right <= widthMm && box.Top >= topMm - 2 && box.Bottom <= heightMm
        && !_taken.Exists(t => t.Left < box.Right && box.Left < t.Right && t.Top < box.Bottom && box.Top < t.Bottom);
}
