"""Questions that the page offers, in the three languages it speaks, over the themes of the article."""

EXAMPLES = (
    "what does Nanguan plan for employment?",
    "What happens to people whose new homes were not handed over?",
    "Which metro lines does the district work on?",
    "南關區打算怎樣發展旅遊?",
    "學生的課業負擔會減輕嗎?",
    "南关区如何吸引科技人才?",
    "小区物业的问题怎么解决?",
)
