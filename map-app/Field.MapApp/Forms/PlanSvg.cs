using System.Globalization;
using System.Net;
using System.Text;

namespace Field.MapApp.Forms;

/// <summary>A drawing as SVG, for pages.</summary>
internal static class PlanSvg
{
    public static string Write(Plan plan)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"plan\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {plan.WidthMm} {plan.HeightMm}\" width=\"{plan.WidthMm}mm\" height=\"{plan.HeightMm}mm\">");
        foreach (PlanShape shape in plan.Shapes)
        {
            switch (shape)
            {
                case PlanPath path:
                    Append(svg, path);
                    break;
                case PlanText text:
                    svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{text.X:0.###}\" y=\"{text.Y:0.###}\" font-size=\"{text.SizeMm}\" fill=\"#{PlanStyle.Of(text.Ink).Rgb}\" text-anchor=\"{(text.IsCentred ? "middle" : "start")}\">");
                    svg.Append(WebUtility.HtmlEncode(text.Text)).Append("</text>");
                    break;
                default:
                    break;
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Append(StringBuilder svg, PlanPath path)
    {
        (string rgb, double width) = PlanStyle.Of(path.Ink);
        svg.Append("<path d=\"");
        char command = 'M';
        foreach ((double x, double y) in path.Points)
        {
            svg.Append(command).Append(CultureInfo.InvariantCulture, $"{x:0.###} {y:0.###}");
            command = 'L';
        }

        string fill = path.IsFilled ? $"#{rgb}\" fill-opacity=\"0.35" : "none";
        svg.Append(path.IsClosed ? "Z" : "").Append(CultureInfo.InvariantCulture, $"\" fill=\"{fill}\" stroke=\"#{rgb}\" stroke-width=\"{width}\"/>");
    }
}
